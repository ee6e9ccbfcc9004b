// Passkeys: offered where the browser knows them, and what went wrong is said in words.
const known = "PublicKeyCredential" in window && Boolean(navigator.credentials);
const all = (selector) => [...document.querySelectorAll(selector)];

all("[data-passkey]").forEach((element) => { element.hidden = !known; });
all("[data-no-passkey]").forEach((element) => { element.hidden = known; });

// The sign-in library's own script tells of a failure with this event.
document.addEventListener("allauth.error", (event) => {
  const notes = all("[data-passkey-failed]");
  const name = event.detail.exception?.name ?? "";
  const note = notes.find((element) => element.dataset.passkeyFailed === name) ?? notes.find((element) => !element.dataset.passkeyFailed);
  if (!note) return;
  event.preventDefault();
  notes.forEach((element) => { element.hidden = element !== note; });
  note.focus();
});
