/** Asking the browser to send in the background, where it can. Elsewhere the page sends when it is opened. */

/** The name of the background task. */
export const TAG = "ponctuel-punches";

/** Ask that what waits be sent as soon as there is network, even with the page closed. */
export async function askToSend() {
  if (!("SyncManager" in globalThis)) return;
  const registration = await navigator.serviceWorker.ready;
  await registration.sync.register(TAG);
}
