/** The wall: the same stream as the board, one refresh a second at most, and a small shift against burn-in. */

import { clockTime, shownNow, since } from "./clock.js";
import { recount } from "./counting.js";
import { follow } from "./live.js";
import { fit } from "./wall-fit.js";

const wall = document.getElementById("wall");
const content = document.getElementById("wall-content");
const live = document.getElementById("live");
const GATHER_MS = 1_000;
const SHIFT_MS = 600_000;
const SHIFTS = ["0 0", "3px 2px", "-2px 3px", "2px -3px"];

let latest = wall.dataset.latest ? Date.parse(wall.dataset.latest) : null;
let stale = false;
let timer = 0;

async function refresh() {
  timer = 0;
  const answer = await fetch(`/tableau/mur/contenu${window.location.search}`, { headers: { "HX-Request": "true" } });
  if (answer.status === 401) window.location.reload();
  if (!answer.ok) return;
  content.innerHTML = await answer.text();
  fit(content);
}

function say(note) {
  live.querySelector("strong").textContent = stale ? live.dataset.cut : live.dataset.live;
  live.querySelector(".live-note").textContent = note;
}

function tick() {
  if (stale) return;
  const now = shownNow();
  const second = String(Math.floor((now / 1_000) % 60)).padStart(2, "0");
  wall.querySelector("[data-clock]").textContent = clockTime(now);
  wall.querySelector("[data-seconds]").textContent = `:${second}`;
  recount(content, now);
  if (latest !== null) say(` · dernier pointage il y a ${since(now - latest)}`);
}

follow({
  onBeat(punchedAt) {
    if (punchedAt) latest = Date.parse(punchedAt);
  },
  onChange() {
    timer ||= window.setTimeout(refresh, GATHER_MS);
  },
  onLive(afterGap) {
    stale = false;
    wall.removeAttribute("data-stale");
    if (afterGap) refresh();
  },
  onStale(sinceMs) {
    stale = true;
    wall.dataset.stale = "";
    say(` · depuis ${since(sinceMs)}`);
  },
});

fit(content);
window.addEventListener("resize", () => fit(content));
window.setInterval(tick, 250);
window.setInterval(refresh, 60_000);
let shift = 0;
window.setInterval(() => { shift = (shift + 1) % SHIFTS.length; wall.style.translate = SHIFTS[shift]; }, SHIFT_MS);
