/** Figures that count by themselves: lateness, waits, time spent. Frozen when the stream is stale. */

const NBSP = "\u00a0";

function duration(minutes) {
  return `${Math.floor(minutes / 60)}${NBSP}h${NBSP}${String(minutes % 60).padStart(2, "0")}`;
}

function wait(minutes) {
  return minutes < 60 ? `${minutes}${NBSP}min` : duration(minutes);
}

const SAY = {
  late: (minutes) => (minutes < 60 ? `+${Math.max(0, minutes)}` : `+${duration(minutes)}`),
  spent: (minutes) => duration(Math.max(0, minutes)),
  wait: (minutes) => (minutes === 0 ? "maintenant" : minutes < 0 ? `dans ${wait(-minutes)}` : `depuis ${wait(minutes)}`),
};

/** Bring every counting figure under `root` to the instant `now` (milliseconds). */
export function recount(root, now) {
  for (const figure of root.querySelectorAll("[data-counts]")) {
    const minutes = Math.floor((now - Date.parse(figure.dataset.since)) / 60_000);
    const said = SAY[figure.dataset.counts](minutes);
    if (figure.dataset.counts === "late") figure.toggleAttribute("data-hours", minutes >= 60);
    const text = figure.firstChild;
    if (text.nodeValue.trim() !== said) text.nodeValue = `${said} `;
  }
}
