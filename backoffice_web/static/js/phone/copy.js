/** The copy of the day that this phone keeps, so that it can be read without network. Gone at sign-out. */

import { noteAnswer } from "./clock-state.js";
import { minutesAhead, minutesSlow, READER } from "./page.js";

const CACHE = "ponctuel-moi";

/** Install the script that answers without network, and keep the files that this page is made of. */
export async function keepCopy() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/moi/service-worker.js", { scope: "/moi" });
  await navigator.serviceWorker.register("/moi/service-worker.js?etiquettes", { scope: "/t/" });
  const cache = await caches.open(CACHE);
  const used = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  // WebKit does not name its fonts among what was used: the page names its own.
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=preload], script[src]")].map((part) => new URL(part.href ?? part.src));
  const ours = [...used, ...named, new URL(READER.script, location.origin), new URL(READER.core, location.origin)]
    .filter((address) => address.origin === location.origin && address.pathname.startsWith("/static/"))
    .map((address) => address.pathname);
  await Promise.all([...new Set(ours)].map(async (path) => {
    if (!(await cache.match(path))) await cache.add(path);
  }));
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/static/") && !ours.includes(pathname)) await cache.delete(request);
  }
  if (!(await cache.match("/moi"))) await fetchDay();
}

/** By how many minutes this phone's clock is ahead (negative: slow), as last seen from the server's answers. */
export let clockError = -minutesSlow;

/** Fetch the day as the server has it now, keep the copy, return its HTML; null without network or session. */
export async function fetchDay() {
  try {
    const answer = await fetch("/moi", { redirect: "error", signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) return null;
    const told = Date.parse(answer.headers.get("Date") ?? "");
    if (!Number.isNaN(told)) clockError = minutesAhead(told);
    noteAnswer(answer);
    if ("caches" in window) await (await caches.open(CACHE)).put("/moi", answer.clone());
    return await answer.text();
  } catch {
    return null;
  }
}

/** Forget the copy: the person leaves. */
export async function forgetCopy() {
  if ("caches" in window) await caches.delete(CACHE);
}
