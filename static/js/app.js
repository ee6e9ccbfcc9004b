// The little the platform does not do alone. Menus, dialogs and drawers are native.
const root = document.documentElement;
const find = (selector, from = document) => [...from.querySelectorAll(selector)];
const on = (type, selector, react) => document.addEventListener(type, (event) => {
  const element = event.target.closest?.(selector);
  if (element) react(element, event);
});

// What needs scripts appears with them, what stands in for scripts leaves: at the start, and in what htmx brings.
const open = (element) => {
  if (element?.matches("dialog")) { if (!element.open) element.showModal(); } else if (element?.matches("[popover]")) element.showPopover();
};
// Who views as somebody else changes nothing: what would is marked, and says so instead of sending.
const viewing = document.querySelector("main[data-viewing]");
const sends = (form) => form?.method === "post" && viewing?.contains(form) && !form.matches("[data-stop], [data-preference]");
const changes = (button) => viewing && button.type === "submit" && sends(button.form);
const refuse = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  const toasts = document.getElementById("toasts");
  if (!toasts.querySelector("[data-viewing]")) {
    toasts.append(document.getElementById("toast-viewing").content.cloneNode(true));
    toasts.lastElementChild.dataset.viewing = "";
  }
};
if (viewing) {
  document.addEventListener("click", (event) => { if (event.target.closest("button, input[type=submit]")?.matches("main [aria-describedby~=viewing]")) refuse(event); }, true);
  document.addEventListener("submit", (event) => { if (sends(event.target)) refuse(event); }, true);
  document.addEventListener("htmx:confirm", (event) => { if (event.detail.verb !== "get") refuse(event); });
}
const enhance = (part) => {
  find("[data-reveal], [data-filter], [data-copy]", part).forEach((element) => { element.hidden = false; });
  find("[data-fallback]", part).forEach((element) => { element.hidden = true; });
  find("[data-open-on-load]", part).forEach(open);
  find("button, input[type=submit]", part).filter(changes).forEach((button) => {
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-describedby", `viewing ${button.getAttribute("aria-describedby") ?? ""}`.trim());
  });
};
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));

// On a narrow screen the tab of this page may lie outside.
find(".tabs [aria-current]").forEach((tab) => tab.scrollIntoView({ block: "nearest", inline: "center" }));

// A link can open a dialog or a popover: /members/#invite.
const openFromAddress = () => open(document.getElementById(decodeURIComponent(location.hash.slice(1))));
addEventListener("hashchange", openFromAddress);
openFromAddress();

// Theme and sidebar change at once; the server keeps them.
const keep = (form, submitter) => fetch(form.action, { method: "POST", body: new FormData(form, submitter), redirect: "manual" });
on("change", "[data-preference=theme]", (form) => {
  root.dataset.theme = form.theme.value;
  keep(form);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-preference=sidebar]")) return;
  event.preventDefault();
  const button = event.submitter;
  root.dataset.sidebar = button.value;
  keep(event.target, button);
  button.value = button.value ? "" : "collapsed";
  button.setAttribute("aria-pressed", String(!button.value));
});

// What is a page without scripts opens beside its link.
on("click", "a[data-opens]", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  document.getElementById(link.dataset.opens).togglePopover({ source: link });
});

// Rows: select all, and say how many are selected, and who.
const count = (table) => {
  const rows = find(".row-check", table);
  const ticked = rows.filter((row) => row.checked);
  const chosen = ticked.length;
  const all = table.querySelector(".all-check");
  if (all) { all.checked = chosen === rows.length; all.indeterminate = chosen > 0 && chosen < rows.length; }
  find("[data-selected-count]").forEach((output) => { output.textContent = chosen; });
  find("[data-selected-names]").forEach((list) => list.replaceChildren(...ticked.map((row) => {
    const line = document.createElement("li");
    line.textContent = row.closest("tr").querySelector(".row-link").textContent;
    return line;
  })));
};
on("change", ".all-check, .row-check", (box) => {
  const table = box.closest("table, .rows");
  if (box.matches(".all-check")) find(".row-check", table).forEach((row) => { row.checked = box.checked; });
  count(table);
});
on("click", "[data-clear-selection]", () => find(":is(table, .rows):has(.row-check)").forEach((table) => {
  find(".row-check", table).forEach((row) => { row.checked = false; });
  count(table);
}));

// Show or hide a password.
on("click", "[data-reveal]", (button) => {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});

// Copy what a field holds; the button says so for a moment.
on("click", "[data-copy]", async (button) => {
  const input = document.getElementById(button.dataset.copy);
  input.select();
  // Without a secure connection there is only the old way.
  try { await navigator.clipboard.writeText(input.value); } catch { document.execCommand("copy"); }
  const label = button.querySelector("[aria-live]");
  const text = label.dataset.text ??= label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = text; }, 3000);
});

// Narrow a long list in a menu.
on("input", "[data-filter]", (group, event) => {
  const wanted = event.target.value.trim().toLowerCase();
  const items = find("li", document.getElementById(group.dataset.filter));
  items.forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(wanted); });
  const none = document.getElementById(`${group.dataset.filter}-none`);
  if (none) none.hidden = items.some((item) => !item.hidden);
});
// Enter takes the first that is left.
on("keydown", "[data-filter]", (group, event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (event.target.value.trim()) find("li:not([hidden]) :is(a, button)", document.getElementById(group.dataset.filter))[0]?.click();
});

// A toast leaves when dismissed; good news leaves by itself, unless someone is reading it.
on("click", "[data-dismiss]", (button) => button.closest(".toast").remove());
const leave = (toast) => setTimeout(() => { if (toast.matches(":hover, :focus-within")) leave(toast); else toast.remove(); }, 10000);
find(".toast.tone-good").forEach(leave);

// A request that failed says so, once.
const failed = () => {
  const toasts = document.getElementById("toasts");
  if (!toasts.querySelector(".tone-danger")) toasts.append(document.getElementById("toast-failed").content.cloneNode(true));
};
for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(event, failed);

// News from a poll does not take away what somebody is writing in or choosing from.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.matches(":has(:focus, :popover-open), :focus, :popover-open")) event.detail.shouldSwap = false;
});

// Browsers without invoker commands.
if (!("command" in HTMLButtonElement.prototype)) {
  on("click", "[commandfor]", (button) => {
    const target = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "close") target?.close(); else target?.showModal();
  });
}
