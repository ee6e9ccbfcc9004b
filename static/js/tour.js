// The guided tour: one step at a time over the real controls, from the data of the page. The server keeps the step.
const byId = (id) => document.getElementById(id);
const card = byId("tour");
const spotlight = byId("tour-spotlight");
const steps = JSON.parse(byId("tour-steps").textContent);
const part = (name) => card.querySelector(`[data-tour-${name}]`);
const framed = (step) => !step.key || step.key.startsWith("shell:");
const running = () => card.matches(":popover-open");

let route = [];
let current = 0;
let started = null;

const target = (step) => document.querySelector(`[data-tour="${CSS.escape(step.anchor)}"]`);
// A control that is folded away on this screen is no step here.
const visible = (step) => !step.anchor || Boolean(target(step)?.checkVisibility() && target(step).getClientRects().length);

// Without a step: it is over.
const tell = (step = "") => {
  const form = byId("tour-done");
  const body = new FormData(form);
  body.set("step", step);
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
};

const show = (index) => {
  current = index;
  const step = route[index];
  const last = index === route.length - 1;
  const element = step.anchor ? target(step) : null;
  document.querySelector(".is-tour-target")?.classList.remove("is-tour-target");
  element?.classList.add("is-tour-target");
  element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  card.classList.toggle("is-free", !element);
  // On a small screen the card lies at the edge that is further away.
  const light = element?.getBoundingClientRect();
  card.classList.toggle("is-high", Boolean(light) && light.top + light.bottom > innerHeight);
  spotlight.hidden = !element;
  byId("tour-title").textContent = step.title;
  byId("tour-text").textContent = step.text;
  card.querySelector("progress").max = route.length;
  card.querySelector("progress").value = index + 1;
  part("count").textContent = part("count").dataset.of.replace("{step}", index + 1).replace("{steps}", route.length);
  part("back").hidden = index === 0;
  part("end").hidden = last && !step.url;
  const next = part("next");
  next.textContent = last ? step.url ? step.action : next.dataset.last : next.dataset.next;
  next.focus({ preventScroll: true });
  if (step.key) tell(step.key);
};

// At the step with this key, or the next one that is on this screen.
const start = (from, wanted = steps, key = "") => {
  route = wanted.filter(visible);
  if (!route.length || document.querySelector("dialog[open]")) return false;
  started = from;
  document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover());
  // The card above the light: the top layer keeps the order in which things were shown.
  spotlight.showPopover();
  card.showPopover();
  const place = wanted.findIndex((step) => step.key === key);
  show(Math.max(0, route.findIndex((step) => wanted.indexOf(step) >= place)));
  return true;
};

const leave = () => {
  spotlight.hidePopover();
  card.hidePopover();
  document.querySelector(".is-tour-target")?.classList.remove("is-tour-target");
};

const end = () => {
  leave();
  tell();
  (started?.checkVisibility() ? started : document.querySelector(".help-button")).focus();
};

const move = (by) => {
  const index = current + by;
  if (index < 0) return;
  if (index < route.length) show(index); else if (route[current].url) location.assign(route[current].url); else end();
};

part("next").addEventListener("click", () => move(1));
part("back").addEventListener("click", () => move(-1));
part("end").addEventListener("click", end);

document.addEventListener("keydown", (event) => {
  if (!running() || event.ctrlKey || event.metaKey || event.altKey) return;
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
  if (button && start(button)) { event.preventDefault(); return; }
  // Whoever uses the page has seen enough; a link leads to a page where the tour goes on.
  const shown = running() && [card, target(route[current])].some((element) => element?.contains(event.target));
  if (running() && !shown && !event.target.closest("a[href]")) { leave(); tell(); }
});

// Never in front of a dialog, whoever opened it.
document.addEventListener("toggle", (event) => {
  if (running() && event.newState === "open" && event.target.matches("dialog")) { leave(); tell(); }
}, true);

// It goes on where it stood; comes from the page before; or starts by itself, once per visit until the server knows.
const address = new URL(location);
const key = card.dataset.from;
const own = steps.filter((step) => !framed(step));
if (address.searchParams.has("tour")) {
  address.searchParams.delete("tour");
  history.replaceState(history.state, "", address);
  start(null, own.length ? own : steps);
} else if (key) {
  start(null, framed({ key }) || key.startsWith("home:") ? steps : own, key);
} else if (document.body.hasAttribute("data-tour-pending") && !sessionStorage.getItem("tour") && start(null)) sessionStorage.setItem("tour", "started");
