/**
 * The punches that this phone holds: each is written down before anything else happens to it, and leaves only
 * when the agency gave a final answer. They stay across restarts; refused ones are kept thirty days.
 */

import { noteTime, readClocks } from "./clock-state.js";
import store from "./store.js";

const TRACES_MS = 30 * 24 * 3_600_000;

/** How long a punch may wait for the word of its place before it leaves without. */
export const PLACE_WAIT_MS = 7_000;

/**
 * @typedef {{ order?: number, key: string, worker: number, at: number, message: object, placeDue?: number,
 *             clock?: object, sealed?: import("./signing.js").Sealed,
 *             shown: { visit: string, client: string, edge: string|null, way: string } }} Punch
 * `at` is the phone's real instant (ms); `message` is what is posted, `sealed` the same once it is signed (with what
 * the phone's clocks said, `clock`); nothing changes afterwards; `placeDue` is the instant (ms)
 * until which the word of the place may still come; `shown` is for this phone's screens.
 */

/** Write a punch down, last in order. Rejects when the browser cannot keep anything. */
export async function keep(/** @type {Punch} */ punch) {
  punch.clock = await readClocks();
  await store.waiting.add(punch);
  noteTime().catch(() => {});
}

/** Whether the word of its place may still come: what has left once must never change. */
export function awaitsPlace(/** @type {Punch} */ punch, now) {
  const left = (punch.placeDue ?? 0) - now;
  return left > 0 && left <= PLACE_WAIT_MS;
}

/** Write the word of the place into a punch that still awaits it. Return whether it did. */
export async function tellPlace(/** @type {Punch} */ punch, word) {
  let told = false;
  await store.waiting.where("key").equals(punch.key).modify((held) => {
    if (held.sealed || !awaitsPlace(held, Date.now())) return;
    held.message = { ...held.message, place: word };
    held.placeDue = 0;
    told = true;
  });
  return told;
}

/** Return the worker's punches that wait, in the order of their gestures. */
export async function waiting(worker) {
  const punches = await store.waiting.orderBy("order").toArray();
  return punches.filter((punch) => punch.worker === worker);
}

/** Return how many punches of other people wait in this phone. */
export async function waitingOfOthers(worker) {
  return store.waiting.where("worker").notEqual(worker).count();
}

/** Let a punch go: the agency has it. */
export async function release(punch) {
  await store.waiting.delete(punch.order);
}

/** Keep a trace of a refused punch, with the reason, in place of the punch that waited. */
export async function refuse(punch, reason) {
  const { order, ...trace } = punch;
  await store.transaction("rw", store.waiting, store.refused, async () => {
    await store.refused.put({ ...trace, reason });
    if (order !== undefined) await store.waiting.delete(order);
  });
}

/** Return the worker's refused punches of the last thirty days, the latest first; forget older ones. */
export async function refused(worker) {
  await store.refused.where("at").below(Date.now() - TRACES_MS).delete();
  const traces = await store.refused.where("worker").equals(worker).sortBy("at");
  return traces.reverse();
}
