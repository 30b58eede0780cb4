/**
 * Answers for the worker's pages when the network does not: the day as it was last seen, and the files it is made
 * of. It keeps nothing else, and never touches a punch.
 */

const CACHE = "ponctuel-moi";
const DAY = "/moi";
const TAG = "/t/"; // what a tag at a home opens
const PATIENCE_MS = 6_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && (pathname === DAY || pathname === `${DAY}/pointer` || pathname.startsWith(TAG))) event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request, pathname) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status >= 500) return (await kept()) ?? answer;
    if (pathname === DAY && answer.status === 200) await (await caches.open(CACHE)).put(DAY, answer.clone());
    return answer;
  } catch (error) {
    const copy = await kept();
    if (copy) return copy;
    throw error;
  }
}

async function kept() {
  return (await caches.open(CACHE)).match(DAY);
}

async function file(request) {
  return (await (await caches.open(CACHE)).match(request)) ?? fetch(request);
}
