// A form that was sent is busy: its button says so, and a second click does nothing. The server is safe without it.
const busy = new Map();

const release = (form) => {
  busy.get(form)?.removeAttribute("aria-busy");
  busy.delete(form);
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const byHtmx = form.matches("[hx-post], [hx-put], [hx-delete]");
  if (form.method !== "post" && !byHtmx) return;
  if (busy.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const button = event.submitter;
  busy.set(form, button);
  button?.setAttribute("aria-busy", "true");
  // Another script may have taken over; and an answer may be a file, which leaves the page as it is.
  setTimeout(() => { if (event.defaultPrevented && !byHtmx) release(form); });
  setTimeout(() => release(form), "file" in form.dataset ? 2000 : 20000);
}, true);

document.addEventListener("htmx:afterRequest", (event) => release(event.detail.elt.closest("form")));

// The browser went back to this page as it was.
addEventListener("pageshow", (event) => { if (event.persisted) [...busy.keys()].forEach(release); });
