// The palette: Ctrl+K, "/", or anything typed into the field of the top bar. The server finds; here one chooses.
const palette = document.getElementById("palette");
const input = palette.querySelector("[name=q]");
const results = document.getElementById("palette-results");
const options = () => [...results.querySelectorAll("a.entry")];
const chosen = () => results.querySelector("[aria-selected=true]");

const choose = (option) => {
  options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
  if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
};

const openPalette = (text = "") => {
  if (palette.open) return;
  palette.showModal();
  if (text) input.value = text; else input.select();
  globalThis.htmx?.trigger(input, "open");
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const wanted = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  if (!wanted && (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]"))) return;
  event.preventDefault();
  openPalette();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) { event.preventDefault(); openPalette(); }
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-palette]");
  if (form) { openPalette(form.q.value); form.reset(); }
});

// What came are options of a list box, in groups, whatever they are on a page.
results.addEventListener("htmx:afterSwap", () => {
  results.querySelectorAll("ul, li, .menu-heading").forEach((element) => element.setAttribute("role", element.hasAttribute("aria-label") ? "group" : "presentation"));
  options().forEach((option, index) => { option.id = `palette-option-${index}`; option.tabIndex = -1; option.setAttribute("role", "option"); });
  input.setAttribute("aria-expanded", String(options().length > 0));
  choose(options()[0]);
});

input.addEventListener("keydown", (event) => {
  const all = options();
  if (!all.length) return;
  const at = all.indexOf(chosen());
  const next = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
  if (next !== undefined) { event.preventDefault(); choose(all[next]); }
  if (event.key === "Enter" && chosen()) { event.preventDefault(); chosen().click(); }
});
