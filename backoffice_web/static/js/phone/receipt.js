/** The receipt of a punch: what the agency's ledger says of it, to keep and to check. */

/** Return the receipt of the punch with this key, as the day's page has it; null while the agency has none. */
export function receiptOf(key) {
  const line = document.querySelector(`[data-receipt-key="${key}"]`);
  return line ? { proof: line.dataset.proof, text: line.dataset.receipt } : null;
}

async function keep(button) {
  const { receipt } = button.closest("[data-receipt]").dataset;
  const told = button.nextElementSibling;
  try {
    if (navigator.share && navigator.maxTouchPoints > 0) await navigator.share({ text: receipt });
    else await navigator.clipboard.writeText(receipt);
    told.textContent = told.dataset.done;
  } catch (error) {
    if (error.name !== "AbortError") told.textContent = receipt; // to be copied by hand
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keeps]");
  if (button) keep(button);
});
