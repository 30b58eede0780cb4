/** Toasts: one line at the bottom, read out politely, gone after ten seconds unless pointed at or focused. */

const SHOWN_MS = 10_000;

/** Take a toast away when its time is over; the time starts again after the pointer or the focus left. */
function arm(toast) {
  let timer = 0;
  const leave = () => toast.remove();
  const start = () => { timer = window.setTimeout(leave, SHOWN_MS); };
  const stop = () => window.clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  if (!toast.hasAttribute("data-stays")) start();
}

/** Show a message; with `stays` until it is dismissed. */
export function showToast(message, { stays = false } = {}) {
  const toast = document.createElement("div");
  toast.className = "toast-line";
  toast.dataset.toast = "";
  if (stays) toast.dataset.stays = "";
  const text = document.createElement("span");
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn";
  close.dataset.dismiss = "";
  close.textContent = "Fermer";
  toast.append(text, close);
  document.getElementById("toasts")?.append(toast);
  return toast;
}

/** Follow the toasts that the server or a script adds. */
export function watchToasts() {
  const place = document.getElementById("toasts");
  if (!place) return;
  place.querySelectorAll("[data-toast]").forEach(arm);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node instanceof HTMLElement && node.matches("[data-toast]")) arm(node);
  }).observe(place, { childList: true });
  place.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]").remove();
  });
  document.addEventListener("toast", (event) => showToast(event.detail.message));
}
