/** Whether this browser promises to keep what it is given, and what to say when it does not. */

const MAY_BE_ERASED = "Ce navigateur peut effacer ce qui attend si la place manque. Installez l’application : menu du navigateur, « Ajouter à l’écran d’accueil ».";
const BESIDES = "le pointage n’est pas enregistré. Appelez l’agence ou pointez par le téléphone du domicile.";

/** Ask for the promise, and tell in the account's menu when it is refused. */
export async function askToKeep() {
  const promised = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  document.getElementById("account-storage").textContent = promised ? "" : MAY_BE_ERASED;
}

/** Return why a punch that could neither be kept here nor sent is lost, in words. */
export function whyLost(/** @type {Error|null} */ error) {
  const names = [error?.name, /** @type {any} */ (error)?.inner?.name];
  return names.includes("QuotaExceededError")
    ? `La mémoire de ce téléphone est pleine et le réseau manque : ${BESIDES}`
    : `Ce navigateur ne peut rien garder (navigation privée ?) et le réseau manque : ${BESIDES}`;
}
