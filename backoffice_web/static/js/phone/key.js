/**
 * The key with which this phone signs a worker's punches: made here, by the browser, which never lets it out. The agency
 * gets the public half. A browser that can make none punches without signature.
 */

import { noteAnswer } from "./clock-state.js";
import store from "./store.js";

const KIND = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/**
 * @typedef {{ worker: number, phone: string, privateKey: CryptoKey, publicKey: string, number: number, last: string,
 *             enrolled: boolean }} Key
 * `number` and `last` (a hash) are those of the last entry that was signed.
 */

/** Return bytes as base64url. */
export function base64url(/** @type {ArrayBuffer} */ bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Return the SHA-256 of bytes, in hexadecimal. */
export async function sha256(/** @type {BufferSource} */ bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sign a text. */
export async function sign(/** @type {Key} */ key, /** @type {string} */ text) {
  return base64url(await crypto.subtle.sign(SIGNING, key.privateKey, new TextEncoder().encode(text)));
}

async function makeKey(worker) {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(KIND, false, ["sign", "verify"]));
  const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
  const phone = await sha256(spki);
  return { worker, phone, privateKey: pair.privateKey, publicKey: base64url(spki), number: 0, last: phone, enrolled: false };
}

/** Return the worker's key on this phone, made when there is none; null where the browser cannot. @returns {Promise<Key|null>} */
export async function keyOf(/** @type {number} */ worker) {
  const known = await store.keys.get(worker).catch(() => undefined);
  if (known) return known;
  if (!globalThis.crypto?.subtle) return null;
  try {
    const fresh = await makeKey(worker);
    await store.keys.add(fresh);
    return fresh;
  } catch {
    // Another page was faster, or this browser cannot keep a key.
    return (await store.keys.get(worker).catch(() => undefined)) ?? null;
  }
}

/** Return the proof that this phone has the key, for the agency. */
export function proofOf(/** @type {Key} */ key) {
  return sign(key, `ponctuel-phone-1 ${key.worker} ${key.phone}`);
}

async function post(key) {
  const signature = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="csrf"]')).content;
  const answer = await fetch("/moi/telephone", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": signature },
    body: JSON.stringify({ public_key: key.publicKey, proof: await proofOf(key) }),
    redirect: "error",
  });
  noteAnswer(answer);
  return answer.status;
}

/**
 * Have the agency know this phone; asked at each opening, since only the agency knows whether it withdrew it. A key that
 * was withdrawn gives way to a new one: the person signed in again.
 */
export async function enrol(/** @type {number} */ worker) {
  const key = await keyOf(worker);
  if (!key) return;
  const status = await post(key);
  if (status === 201) await store.keys.update(worker, { enrolled: true });
  if (status !== 410) return;
  await store.keys.delete(worker);
  const fresh = await keyOf(worker);
  if (fresh && (await post(fresh)) === 201) await store.keys.update(worker, { enrolled: true });
}
