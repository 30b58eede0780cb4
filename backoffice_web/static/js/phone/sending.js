/**
 * Sending what waits, the oldest first, one after the other: a punch that cannot leave holds those behind it, so
 * that the agency receives them in their true order. Its key makes sending twice harmless.
 */

import { noteAnswer } from "./clock-state.js";
import { awaitsPlace, refuse, release, waiting } from "./queue.js";
import { sealWaiting } from "./signing.js";
import { words } from "./words.js";

const PATIENCE_MS = 10_000;
const FINAL = new Set([200, 201, 202, 409, 422]);

/**
 * @typedef {{ kind: "stored"|"taken"|"refused"|"unsent"|"signin"|"barred", message: string, time?: string,
 *             edge?: string|null, visit?: number|null, doubt?: string|null }} Outcome
 * `taken`: safe at the agency, whose database is away; it is stored there later, and no longer ours to send.
 */

/** What is posted: the signed text as it is, or the bare message of a browser that has no key. */
function bodyOf(punch) {
  const sent = new Date().toISOString();
  return JSON.stringify(punch.sealed ? { v: 2, signed: punch.sealed.text, signature: punch.sealed.signature, sent } : punch.message);
}

/** Post one punch. What is not an answer of ours (a hotel's sign-in page, a proxy's error) counts as no network. */
export async function post(punch) {
  let answer;
  let told;
  try {
    answer = await fetch("/punch", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": punch.key },
      body: bodyOf(punch),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    told = await answer.json();
  } catch {
    return { kind: "unsent", message: "" };
  }
  const sentence = typeof told?.message === "string" ? told.message : "";
  const message = sentence && (words.refusals[told.refusal] ?? sentence);
  if (message) noteAnswer(answer);
  if (message && answer.status === 401) return { kind: "signin", message };
  if (message && answer.status === 403) return { kind: "barred", message };
  if (!message || !FINAL.has(answer.status)) return { kind: "unsent", message };
  if (answer.status === 409 || answer.status === 422) return { kind: "refused", message };
  return { ...told, kind: answer.status === 202 ? "taken" : "stored", message };
}

/** Send the worker's punches until one cannot leave. Return the outcomes by key, and what held the rest, if any. */
async function sendAll(worker) {
  await sealWaiting(worker).catch(() => {});
  const outcomes = new Map();
  const now = Date.now();
  for (const punch of await waiting(worker)) {
    if (awaitsPlace(punch, now)) break;
    const outcome = await post(punch);
    if (outcome.kind === "stored" || outcome.kind === "taken") await release(punch);
    else if (outcome.kind === "refused") await refuse(punch, outcome.message);
    else return { outcomes, held: outcome };
    outcomes.set(punch.key, outcome);
  }
  return { outcomes, held: null };
}

let turn = Promise.resolve();

/** Send what waits, once at a time, in this page and in every other one of this phone. */
export function send(worker) {
  const now = () => sendAll(worker);
  const locked = () => (navigator.locks ? navigator.locks.request("ponctuel-punches", now) : now());
  const mine = turn.then(locked);
  turn = mine.catch(() => {});
  return mine;
}
