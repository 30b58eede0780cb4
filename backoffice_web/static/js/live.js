/**
 * The live stream: server-sent events from `/events`, and its health. The stream is stale when it has been
 * down, or silent although beats were promised, for more than five seconds; after a gap the follower is told to
 * catch up, because what happened meanwhile was not sent. What happened between the drawing of the page and the
 * first opening is sent when it opens.
 */

const KINDS = ["visit", "alert", "punch", "refusal", "task"];
const STALE_AFTER_MS = 5_000;
const RETRY_MS = 4_000;
const drawnAt = document.querySelector('meta[name="drawn-at"]').content;

/**
 * Follow the stream.
 * @param {{ onChange: (kind: string, change: {id: number, area: number|null}) => void,
 *           onBeat?: (lastPunch: string|null) => void, onLive: (afterGap: boolean) => void,
 *           onStale: (sinceMs: number, retryInMs: number) => void }} follower
 * @returns {{ retry: () => void }}
 */
export function follow({ onChange, onBeat = () => {}, onLive, onStale }) {
  let source = null;
  let beats = false;
  let lastSign = performance.now();
  let retryAt = 0;
  let down = true;
  let neverOpen = true;

  const sign = () => {
    lastSign = performance.now();
    if (!down) return;
    down = false;
    onLive(!neverOpen);
    neverOpen = false;
  };

  const open = () => {
    source?.close();
    source = new EventSource(neverOpen ? `/events?since=${encodeURIComponent(drawnAt)}` : "/events");
    source.addEventListener("open", sign);
    source.addEventListener("beat", (event) => {
      beats = true;
      sign();
      onBeat(JSON.parse(event.data).last_punch);
    });
    source.addEventListener("refresh", () => onLive(true));
    for (const kind of KINDS)
      source.addEventListener(kind, (event) => { sign(); onChange(kind, JSON.parse(event.data)); });
    source.addEventListener("error", () => {
      source.close();
      retryAt = performance.now() + (down ? RETRY_MS : 0);
      down = true;
    });
  };

  window.setInterval(() => {
    const silence = performance.now() - lastSign;
    if (!down && beats && silence > STALE_AFTER_MS) down = true;
    if (!down) return;
    if (retryAt <= performance.now()) {
      retryAt = performance.now() + RETRY_MS;
      open();
    }
    if (silence > STALE_AFTER_MS) onStale(silence, retryAt - performance.now());
  }, 1_000);

  window.addEventListener("pagehide", () => source?.close());
  open();
  return { retry: () => { retryAt = 0; open(); } };
}
