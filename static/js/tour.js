// The guided tour: one step at a time over the real controls, from the data of the page.
const byId = (id) => document.getElementById(id);
const card = byId("tour");
const spotlight = byId("tour-spotlight");
const steps = JSON.parse(byId("tour-steps").textContent);
const part = (name) => card.querySelector(`[data-tour-${name}]`);

let route = [];
let current = 0;
let started = null;

const target = (step) => document.querySelector(`[data-tour="${CSS.escape(step.anchor)}"]`);
// A control that is folded away on this screen is no step here.
const visible = (step) => !step.anchor || Boolean(target(step)?.checkVisibility() && target(step).getClientRects().length);

const show = (index) => {
  current = index;
  const step = route[index];
  const element = step.anchor ? target(step) : null;
  document.querySelector(".is-tour-target")?.classList.remove("is-tour-target");
  element?.classList.add("is-tour-target");
  element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  card.classList.toggle("is-free", !element);
  spotlight.hidden = !element;
  byId("tour-title").textContent = step.title;
  byId("tour-text").textContent = step.text;
  card.querySelector("progress").max = route.length;
  card.querySelector("progress").value = index + 1;
  part("count").textContent = part("count").dataset.of.replace("{step}", index + 1).replace("{steps}", route.length);
  part("back").hidden = index === 0;
  part("end").hidden = index === route.length - 1;
  const next = part("next");
  next.textContent = index === route.length - 1 ? next.dataset.last : next.dataset.next;
  next.focus();
};

const start = (from) => {
  route = steps.filter(visible);
  if (!route.length || document.querySelector("dialog[open]")) return false;
  started = from;
  document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover());
  // The card above the light: the top layer keeps the order in which things were shown.
  spotlight.showPopover();
  card.showPopover();
  show(0);
  return true;
};

const end = () => {
  spotlight.hidePopover();
  card.hidePopover();
  document.querySelector(".is-tour-target")?.classList.remove("is-tour-target");
  const form = byId("tour-done");
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  (started?.checkVisibility() ? started : document.querySelector(".help-button")).focus();
};

const move = (by) => {
  const index = current + by;
  if (index >= route.length) end(); else if (index >= 0) show(index);
};

part("next").addEventListener("click", () => move(1));
part("back").addEventListener("click", () => move(-1));
part("end").addEventListener("click", end);

document.addEventListener("keydown", (event) => {
  if (!card.matches(":popover-open") || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { Escape: end, ArrowRight: () => move(1), ArrowLeft: () => move(-1) }[event.key];
  if (act) { event.preventDefault(); act(); }
  if (event.key !== "Tab") return;
  const buttons = [...card.querySelectorAll("button:not([hidden])")];
  const index = buttons.indexOf(document.activeElement);
  const next = buttons[(index + (event.shiftKey ? -1 : 1) + buttons.length) % buttons.length];
  event.preventDefault();
  next.focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-start-tour]");
  if (button && start(button)) event.preventDefault();
});

// By itself once per visit, until the server knows that it was seen.
if (document.body.hasAttribute("data-tour-pending") && !sessionStorage.getItem("tour") && start(null)) sessionStorage.setItem("tour", "started");
