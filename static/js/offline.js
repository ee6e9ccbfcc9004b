// The worker that answers when the network is gone; after the page, which it must not slow down.
addEventListener("load", () => navigator.serviceWorker?.register("/worker.js").catch(() => null));
