/** Making a punch: its key, its real time, its place, as the check-in message has them (version 1). */

import { WORKER } from "./page.js";
import { PLACE_WAIT_MS } from "./queue.js";

/** Return a key that no other gesture has: it makes sending twice harmless. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {{ way: "qr"|"nfc"|"code"|"app"|"site", edge: string|null, visit: string, client: string, home?: string,
 *           site?: string, token?: string, sun?: string, checked?: boolean }} gesture `checked`: the place is to be
 *           compared before the punch leaves; `site`: the agreed place, other than the home, at which it is made
 * @returns {import("./queue.js").Punch}
 */
export function makePunch({ way, edge, visit, client, home, site, token, sun, checked = false }) {
  const at = Date.now();
  const tag = sun ? { tag: token, sun } : { tag: token };
  const place = { qr: { qr: token }, nfc: tag, code: { code: token }, site: { site: Number(site) }, app: { home: Number(home) } }[way];
  const isCompared = checked && way !== "code"; // a tablet's code says by itself where it is
  const isRead = way === "qr" || way === "nfc"; // what was read may turn out to be another home's
  return {
    key: newKey(),
    worker: WORKER,
    at,
    message: { v: 1, at: new Date(at).toISOString(), ...place, edge, place: "unknown", ...(isCompared && isRead ? { beside: Number(home) } : {}) },
    placeDue: isCompared ? at + PLACE_WAIT_MS : 0,
    shown: { visit, client, edge, way: sun ? "sun" : way },
  };
}

/** Return the first figures of a key as one reads them out: `K7F2-4812`. */
export function shortKey(key) {
  return `${key.slice(0, 4)}-${key.slice(4, 8)}`.toUpperCase();
}
