/** Whether this browser promises to keep what it is given, and what to say when it does not. */

import { words } from "./words.js";

/** Ask for the promise, and tell in the account's menu when it is refused. */
export async function askToKeep() {
  const promised = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  document.getElementById("account-storage").textContent = promised ? "" : words.storage.mayBeErased;
}

/** Return why a punch that could neither be kept here nor sent is lost, in words. */
export function whyLost(/** @type {Error|null} */ error) {
  const names = [error?.name, /** @type {any} */ (error)?.inner?.name];
  return names.includes("QuotaExceededError") ? words.storage.full : words.storage.none;
}
