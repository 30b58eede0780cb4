/** What every page of the back office does: signed requests, toasts, keys, dialogs, revealed passwords. */

import { bindKeys } from "./keys.js";
import { revealPasswords } from "./passwords.js";
import { showToast, watchToasts } from "./toasts.js";

document.addEventListener("htmx:configRequest", (event) => {
  const signature = document.querySelector('meta[name="csrf"]');
  if (signature) event.detail.headers["X-CSRFToken"] = signature.getAttribute("content");
});

document.addEventListener("htmx:sendError", () => {
  showToast("L’envoi n’est pas parti : le serveur ne répond pas. Rien n’a été enregistré.", { stays: true });
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  opener.closest("[popover]")?.hidePopover();
  document.getElementById(opener.dataset.opens).showModal();
});

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-closes]");
  const dialog = closer && document.getElementById(closer.dataset.closes);
  if (!dialog?.open) return;
  event.preventDefault();
  dialog.close();
});

watchToasts();
revealPasswords();
bindKeys({
  "?": () => document.getElementById("keys")?.showModal(),
  "/": () => document.getElementById("search")?.focus(),
  "Control+k": () => document.getElementById("search")?.focus(),
});
