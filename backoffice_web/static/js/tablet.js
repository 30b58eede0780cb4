/** The tablet's page: fetches each half minute's code as it begins. A code that is over is never left on the screen. */

const AGAIN_MS = 3_000;
const PATIENCE_MS = 5_000;
const away = document.getElementById("away");

async function fetchCode() {
  try {
    const answer = await fetch("/tablette/code", { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("code");
  } catch {
    return null;
  }
}

async function renew() {
  const fresh = await fetchCode();
  const shown = document.getElementById("code");
  away.hidden = fresh !== null;
  if (fresh) shown.replaceWith(fresh);
  else shown.hidden = true;
  const left = Number(fresh?.dataset.left ?? 0);
  window.setTimeout(renew, left > 0 ? left + 100 : AGAIN_MS);
}

window.setTimeout(renew, Math.max(100, Number(document.getElementById("code").dataset.left) + 100));
navigator.wakeLock?.request("screen").catch(() => {});
document.addEventListener("visibilitychange", () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); });
