// Answers a navigation that found no network, with the one page that is kept. It keeps and answers nothing else.
const CACHE = "offline-{{ version }}";
const PAGE = "{{ page|escapejs }}";
const SHEET = "{{ sheet|escapejs }}";

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  // Without cookies: it is nobody's page.
  await cache.addAll([PAGE, SHEET].map((path) => new Request(path, { credentials: "omit", cache: "reload" })));
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
})()));

const kept = async (path) => (await (await caches.open(CACHE)).match(path, { ignoreVary: true })) ?? Response.error();

const online = async (event) => (await event.preloadResponse) ?? fetch(event.request);

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(online(event).catch(() => kept(PAGE)));
  else if (url.pathname + url.search === SHEET) event.respondWith(kept(SHEET));
});
