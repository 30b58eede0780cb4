/**
 * Whether this phone is at the home, found out by the phone itself. A position lives in these functions for the time
 * of a comparison: it is written nowhere, sent nowhere, and what comes out is one word.
 */

const PATIENCE_MS = 5_000;
const EARTH_M = 6_371_009;

/**
 * @typedef {{ lat: number, lon: number, radius: number }} Home degrees (WGS 84), metres
 * @typedef {"inside"|"outside"|"unknown"} Word
 */

/** Return the home with which a card's punches are compared; null where the agency checks nothing. @returns {Home|null} */
export function homeOf(card) {
  const { lat, lon, radius } = card.dataset;
  return lat && lon && radius ? { lat: Number(lat), lon: Number(lon), radius: Number(radius) } : null;
}

/** Return the metres between two points of the globe (haversine). */
export function distance(from, to) {
  const rad = (degrees) => (degrees * Math.PI) / 180;
  const half = (angle) => Math.sin(angle / 2) ** 2;
  const share = half(rad(to.lat - from.lat)) + Math.cos(rad(from.lat)) * Math.cos(rad(to.lat)) * half(rad(to.lon - from.lon));
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(share)));
}

/** Return the word. The phone is somewhere within `accuracy` metres: a doubt that crosses the radius is unknown. @returns {Word} */
export function compare(/** @type {Home} */ home, { latitude, longitude, accuracy }) {
  if (!Number.isFinite(accuracy)) return "unknown";
  const away = distance(home, { lat: latitude, lon: longitude });
  if (away + accuracy <= home.radius) return "inside";
  return away - accuracy > home.radius ? "outside" : "unknown";
}

/**
 * Ask the phone where it is, once, and compare. Without an answer in time, or a permission, it is not known; nobody
 * waits longer, not even for the browser's own question.
 * @returns {Promise<Word>}
 */
export function findPlace(/** @type {Home} */ home) {
  return new Promise((resolve) => {
    const unknown = () => resolve("unknown");
    window.setTimeout(unknown, PATIENCE_MS);
    if (!navigator.geolocation) { unknown(); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(compare(home, coords)),
      unknown,
      { enableHighAccuracy: true, maximumAge: 0, timeout: PATIENCE_MS },
    );
  });
}
