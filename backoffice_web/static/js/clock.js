/** The agency's time on this page: as the server told it, running at its speed (1, faster in a demonstration). */

const place = document.querySelector("[data-now]");
const shownAtLoad = place ? Date.parse(place.dataset.now) : Date.now();
const speed = place ? Number(place.dataset.speed) : 1;
const loadedAt = performance.now();

/** Return the agency's present instant, in milliseconds since the epoch. */
export function shownNow() {
  return shownAtLoad + (performance.now() - loadedAt) * speed;
}

/** Return how many real milliseconds remain until the shown minute changes, at least a tenth of a second. */
export function untilNextMinute() {
  return Math.max(100, (60_000 - (shownNow() % 60_000)) / speed);
}

const hourAndMinute = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Paris" });
const withSeconds = new Intl.DateTimeFormat("fr-FR", { timeStyle: "medium", timeZone: "Europe/Paris" });

/** Return how long ago: `4 s`, `12 min`. */
export function since(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  return seconds < 60 ? `${seconds}\u00a0s` : `${Math.floor(seconds / 60)}\u00a0min`;
}

/** Return `08:47` of an instant. */
export function clockTime(instant) {
  return hourAndMinute.format(instant);
}

/** Return `08:46:58` of an instant. */
export function clockSeconds(instant) {
  return withSeconds.format(instant);
}
