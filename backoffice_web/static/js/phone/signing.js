/**
 * Signing the punches that wait: each gets its number, the hash of the one before it, and a signature over its exact
 * text, in the order of the gestures. What is sent is that text, byte for byte.
 */

import { keyOf, sha256, sign } from "./key.js";
import { awaitsPlace, waiting } from "./queue.js";
import store from "./store.js";

/** @typedef {{ text: string, signature: string }} Sealed */

async function seal(/** @type {import("./key.js").Key} */ key, /** @type {import("./queue.js").Punch} */ punch) {
  const number = key.number + 1;
  const own = { v: 2, key: punch.key, phone: key.phone, number, previous: key.last, clock: punch.clock };
  const text = JSON.stringify({ ...punch.message, ...own });
  const sealed = { text, signature: await sign(key, text) };
  const last = await sha256(new TextEncoder().encode(text));
  await store.transaction("rw", store.keys, store.waiting, async () => {
    await store.keys.update(key.worker, { number, last });
    await store.waiting.update(punch.order, { sealed });
  });
  return { ...key, number, last };
}

async function sealAll(worker) {
  let key = await keyOf(worker);
  for (const punch of await waiting(worker)) {
    if (!key || awaitsPlace(punch, Date.now())) return;
    if (!punch.sealed) key = await seal(key, punch);
  }
}

let turn = Promise.resolve();

/** Sign what waits and may be signed: once at a time, in this page and in every other one of this phone. */
export function sealWaiting(/** @type {number} */ worker) {
  const locked = () => (navigator.locks ? navigator.locks.request("ponctuel-seals", () => sealAll(worker)) : sealAll(worker));
  const mine = turn.then(locked);
  turn = mine.catch(() => {});
  return mine;
}
