/**
 * What the worker says beside a punch: written down in this phone first, then sent until the agency answers, once by
 * its key. A note never holds a punch back: it has its own store and its own door.
 */

import Dexie from "../../vendor/dexie/dexie.min.mjs";
import { WORKER } from "./page.js";
import { newKey } from "./punch.js";

const PATIENCE_MS = 10_000;
const TRACES_MS = 30 * 24 * 3_600_000;
const FINAL = new Set([200, 201, 409, 422]);
const TOO_EARLY = 425;

const store = new Dexie("ponctuel-saisies");
store.version(1).stores({ waiting: "++order, &key, worker", refused: "key, worker, at" });

/**
 * @typedef {{ order?: number, key: string, worker: number, at: number, message: object, shown: string }} Note
 * `message` is what is posted; `shown` is the sentence for this phone's screens.
 */

/** Make a note of this gesture and write it down. Rejects when the browser cannot keep anything. @returns {Promise<Note>} */
export async function keepNote(kind, fields, shown) {
  const at = Date.now();
  const note = { key: newKey(), worker: WORKER, at, message: { v: 1, kind, at: new Date(at).toISOString(), ...fields }, shown };
  await store.waiting.add(note);
  return note;
}

/** Return the worker's notes that wait, in the order of their gestures. */
export async function waitingNotes(worker) {
  const notes = await store.waiting.orderBy("order").toArray();
  return notes.filter((note) => note.worker === worker);
}

/** Return the worker's notes that were refused in the last thirty days, the latest first; forget older ones. */
export async function refusedNotes(worker) {
  await store.refused.where("at").below(Date.now() - TRACES_MS).delete();
  return (await store.refused.where("worker").equals(worker).sortBy("at")).reverse();
}

async function post(note) {
  let answer;
  let told;
  try {
    answer = await fetch("/moi/saisies", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": note.key },
      body: JSON.stringify(note.message),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    told = await answer.json();
  } catch {
    return { kind: "unsent" };
  }
  const message = typeof told?.message === "string" ? told.message : "";
  if (message && answer.status === TOO_EARLY) return { kind: "early" };
  if (!message || !FINAL.has(answer.status)) return { kind: "unsent" };
  return { kind: answer.ok ? "taken" : "refused", message };
}

async function sendAll(worker) {
  let taken = 0;
  for (const note of await waitingNotes(worker)) {
    const { kind, message } = await post(note);
    if (kind === "unsent") break;
    if (kind === "early") continue; // its punch comes first; the others need not wait
    if (kind === "refused") await store.refused.put({ ...note, reason: message });
    else taken += 1;
    await store.waiting.delete(note.order);
  }
  return taken;
}

let turn = Promise.resolve(0);

/** Send what waits, once at a time, in this page and every other one of this phone. Return how many were taken. */
export function sendNotes(worker) {
  const locked = () => (navigator.locks ? navigator.locks.request("ponctuel-saisies", () => sendAll(worker)) : sendAll(worker));
  const mine = turn.then(locked);
  turn = mine.catch(() => 0);
  return mine;
}
