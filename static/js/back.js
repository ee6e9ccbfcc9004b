// Back never shows what was left behind: runs before anything is drawn.
const here = /^\/o\/([^/]+)\//.exec(location.pathname)?.[1];
const went = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const now = sessionStorage.getItem("organization");

// This tab has gone on to another organization since: it stays there.
if (here && went && now && now !== here) location.replace(`/o/${now}/`);
else if (here) sessionStorage.setItem("organization", here);

// A page that the browser kept alive may be of somebody who has left: it is asked for anew.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.documentElement.hidden = true;
  location.reload();
});

// Who signs out leaves nothing in the tab.
document.addEventListener("submit", (event) => { if (event.target.matches("form[action$='/logout/']")) sessionStorage.clear(); });
