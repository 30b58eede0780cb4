/** What the server said when it drew this page, and the agency's time derived from it. */

const { worker, now, realNow, speed, day, reader, readerCore } = document.body.dataset;

/** The worker whose page this is: punches belong to them, whoever signs in later on the same phone. */
export const WORKER = Number(worker);

/** Where the reader of printed codes is. */
export const READER = { script: reader, core: readerCore };

const drawnAt = Date.parse(realNow);
const shownAtDrawing = Date.parse(now);
const FRESH_MS = 60_000;
const WRONG_MS = 120_000;

/** Return the agency's instant (ms) of a real one of this phone: the same, outside a demonstration. */
export function shownAt(real) {
  return shownAtDrawing + (real - drawnAt) * Number(speed);
}

/** Return the agency's present instant (ms). */
export function shownNow() {
  return shownAt(Date.now());
}

/** Whether the page comes from the phone's own copy: it was drawn well before it was opened. */
export const isKeptCopy = Date.now() - drawnAt > FRESH_MS;

/** The instant (ms, agency's time) at which the page was drawn. */
export const drawn = shownAtDrawing;

/** Return by how many whole minutes this phone's clock is ahead of an instant of the server (ms); 0 when little. */
export function minutesAhead(server) {
  const ahead = Date.now() - server;
  return Math.abs(ahead) < WRONG_MS ? 0 : Math.round(ahead / 60_000);
}

/** By how many minutes the clock is slow at least: a page cannot have been drawn in the future. */
export const minutesSlow = Math.max(0, -minutesAhead(drawnAt));

const dayOf = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" });

/** Whether the day shown is over: a copy kept since yesterday. */
export function isAnotherDay() {
  return dayOf.format(shownNow()) !== day;
}
