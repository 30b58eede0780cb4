/**
 * The punches that this phone holds: each is written down before anything else happens to it, and leaves only
 * when the agency gave a final answer. They stay across restarts; refused ones are kept thirty days.
 */

import Dexie from "../../vendor/dexie/dexie.min.mjs";

const TRACES_MS = 30 * 24 * 3_600_000;

const store = new Dexie("ponctuel");
store.version(1).stores({ waiting: "++order, &key, worker", refused: "key, worker, at" });

/**
 * @typedef {{ order?: number, key: string, worker: number, at: number, message: object,
 *             shown: { visit: string, client: string, edge: string|null, way: string } }} Punch
 * `at` is the phone's real instant (ms); `message` is what is posted; `shown` is for this phone's screens.
 */

/** Write a punch down, last in order. Rejects when the browser cannot keep anything. */
export async function keep(/** @type {Punch} */ punch) {
  await store.waiting.add(punch);
  navigator.storage?.persist?.().catch(() => {});
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
