/**
 * The punches of a day. New ones come by themselves, but no row moves under the pointer or the focus: then a note
 * says that there is something new.
 */

import "./choices.js";
import { bindKeys } from "./keys.js";
import { follow } from "./live.js";

const journal = document.getElementById("journal");
const news = document.getElementById("news");
const GATHER_MS = 800;

let waiting = 0;
let timer = 0;

async function refresh() {
  const answer = await fetch(journal.dataset.address, { headers: { "HX-Request": "true" } });
  if (answer.status === 401) window.location.reload();
  if (!answer.ok) return;
  journal.innerHTML = await answer.text();
  waiting = 0;
  news.hidden = true;
}

function refreshUnlessHeld() {
  timer = 0;
  const rows = journal.querySelector(".punch-rows");
  if (!rows?.matches(":hover") && !journal.contains(document.activeElement)) { refresh(); return; }
  news.hidden = false;
  news.querySelector("span").textContent = waiting > 1 ? `${waiting} nouveautés` : "1 nouveauté";
}

follow({
  onChange: (kind) => {
    if (kind !== "punch" && kind !== "refusal" && kind !== "task") return;
    waiting += 1;
    timer ||= window.setTimeout(refreshUnlessHeld, GATHER_MS);
  },
  onLive: (afterGap) => { if (afterGap) refresh(); },
  onStale: () => {},
});
news.addEventListener("click", refresh);

/* Row to row */

function step(by) {
  const rows = [...journal.querySelectorAll(".punch-row")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
}

bindKeys({
  j: () => step(1),
  k: () => step(-1),
  Enter: (event) => {
    if (!event.target.matches(".punch-row")) return false;
    event.target.querySelector("a.btn, button")?.click();
    return true;
  },
});
