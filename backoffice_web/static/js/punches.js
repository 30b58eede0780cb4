/** The punches of a day, the attempts refused, the calls to give: new ones come by themselves; keys go from row to row. */

import "./choices.js";
import { bindKeys } from "./keys.js";
import { keepFresh } from "./live-list.js";
import { showToast } from "./toasts.js";

const journal = document.getElementById("journal");

keepFresh({
  list: journal,
  news: document.getElementById("news"),
  rows: ".punch-rows",
  kinds: ["punch", "refusal", "task"],
});

/* A voice note is asked for by its button, so that who heard it is noted; then its player stands there. */

journal.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-hears]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  form.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  form.removeAttribute("aria-busy");
  if (!answer?.ok) {
    button.disabled = false;
    showToast(form.dataset.unheard);
    return;
  }
  const player = Object.assign(document.createElement("audio"), { controls: true, autoplay: true });
  player.setAttribute("aria-label", form.dataset.hears);
  player.src = URL.createObjectURL(await answer.blob());
  form.replaceWith(player);
  player.focus();
});

/* Row to row */

function step(by) {
  const rows = [...journal.querySelectorAll(".punch-row")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
}

// What was decided just before is said on top; the next one to decide is at hand.
if (document.getElementById("decided")) step(1);

bindKeys({
  j: () => step(1),
  k: () => step(-1),
  Enter: (event) => {
    if (!event.target.matches(".punch-row")) return false;
    event.target.querySelector("a.btn, button")?.click();
    return true;
  },
});
