/**
 * Sending what waits when the network is back and the page is closed, where the browser knows how (background sync).
 * Only what was signed: nothing else says whose it is, and somebody else may be signed in by now.
 */

import { send } from "./sending.js";
import { readNote } from "./store.js";
import { TAG } from "./sync.js";

self.addEventListener("sync", (event) => {
  if (event.tag === TAG) event.waitUntil(sendSigned());
});

async function sendSigned() {
  const worker = await readNote("worker", null);
  if (worker === null) return;
  const { outcomes, held } = await send(worker, { signedOnly: true });
  const sent = [...outcomes.values()].filter((outcome) => outcome.kind !== "refused").length;
  if (outcomes.size) for (const page of await self.clients.matchAll()) page.postMessage({ sent });
  if (held?.kind === "unsent") throw new Error("no network: the browser tries again later");
}
