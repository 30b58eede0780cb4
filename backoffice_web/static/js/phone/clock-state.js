/**
 * The phone's clocks, as a signed punch states them: the clock on the wall, which anybody can set, and the time that
 * passed since this page began, which nobody can. All in ms.
 */

import { readNote, writeNote } from "./store.js";

const BOOT = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const passed = () => Math.round(performance.now());

/** @typedef {{ server: number, phone: number, boot: string, mono: number }} Seen */

/** Note an answer of the agency, made at this instant of its clock. */
export async function noteServer(/** @type {number} */ server) {
  await writeNote("seen", { server, phone: Date.now(), boot: BOOT, mono: passed() });
  await noteTime();
}

/** Note what time it is at the agency, from its own answer: a measure of this phone's clock. */
export function noteAnswer(/** @type {Response} */ answer) {
  const told = Date.parse(answer.headers.get("Date") ?? "");
  if (!Number.isNaN(told)) noteServer(told).catch(() => {});
}

/** Keep the latest instant that this phone's clock ever showed. */
export async function noteTime() {
  const latest = await readNote("latest", 0);
  if (Date.now() > latest) await writeNote("latest", Date.now());
}

/** Return the clocks at this moment, before the moment itself is noted. */
export async function readClocks() {
  const mono = passed();
  return { boot: BOOT, mono, latest: await readNote("latest", 0), seen: /** @type {Seen|null} */ (await readNote("seen", null)) };
}
