/**
 * The live board. A change refetches the list once (whatever its number), and the block of the visit it is
 * about; nothing moves under the pointer or the focus: a note says what waits. Minutes and the now-line run here.
 */

import { bindPanes } from "./board-panes.js";
import { clockSeconds, clockTime, shownNow, since, untilNextMinute } from "./clock.js";
import { recount } from "./counting.js";
import { bindKeys } from "./keys.js";
import { follow } from "./live.js";
import { announceLateness, bindSound } from "./spoken.js";

const board = document.getElementById("board");
const list = document.getElementById("list");
const timeline = document.getElementById("timeline");
const held = board.querySelector(".held-changes");
const GATHER_MS = 400;
const WHOLE_TIMELINE_MS = 30_000;
const NARROW = window.matchMedia("(max-width: 48rem)");
const PRESSING = new Set(["late", "miss", "overdue", "watch", "due"]);

let lastPunch = board.dataset.latest ? Date.parse(board.dataset.latest) : null;
let staleAt = null;
let filter = null;

/* What is fetched */

const address = (path) => `/tableau/${path}${window.location.search}`;

async function fetchPiece(path) {
  const answer = await fetch(address(path), { headers: { "HX-Request": "true" } });
  if (answer.status === 401) window.location.reload();
  if (!answer.ok) return null;
  const piece = document.createElement("template");
  piece.innerHTML = await answer.text();
  return piece.content;
}

/* The list */

let waiting = 0;
let timer = 0;

/** Whether somebody points at the list or has the focus in it: then no row may move. */
function isHeld() {
  return list.matches(":hover") || list.contains(document.activeElement);
}

function refreshSoon() {
  waiting += 1;
  if (timer) return;
  timer = window.setTimeout(() => { timer = 0; refreshUnlessHeld(); panes.refresh(); }, GATHER_MS);
}

async function refreshUnlessHeld() {
  const piece = await fetchPiece("liste");
  if (!piece) return;
  document.getElementById("counters").replaceChildren(...piece.getElementById("counters").childNodes);
  piece.getElementById("counters").remove();
  showFilter();
  announceLateness(piece);
  if (isHeld()) {
    held.hidden = false;
    held.textContent = waiting > 1 ? `${waiting} changements` : "1 changement";
    return;
  }
  swapList(piece);
}

function swapList(piece) {
  const open = new Map([...list.querySelectorAll(".group")].map((g) => [g.dataset.group, g.open]));
  const before = new Map([...list.querySelectorAll(".visit-row")].map((r) => [r.id, r.dataset.status]));
  const chosen = list.querySelector('[aria-current="true"]')?.id;
  const scrolled = list.scrollTop;
  list.replaceChildren(...piece.childNodes);
  for (const group of list.querySelectorAll(".group"))
    if (open.has(group.dataset.group)) group.open = open.get(group.dataset.group);
  for (const row of list.querySelectorAll(".visit-row"))
    if (before.size && before.get(row.id) !== row.dataset.status) row.classList.add("changed");
  list.scrollTop = scrolled;
  if (chosen) document.getElementById(chosen)?.setAttribute("aria-current", "true");
  htmx.process(list);
  recount(list, staleAt ?? shownNow());
  showFilter();
  waiting = 0;
  held.hidden = true;
}

async function refreshNow() {
  const piece = await fetchPiece("liste");
  if (!piece) return;
  document.getElementById("counters").replaceChildren(...piece.getElementById("counters").childNodes);
  piece.getElementById("counters").remove();
  swapList(piece);
}

held.addEventListener("click", () => { held.hidden = true; refreshNow(); });
list.addEventListener("pointerleave", () => { if (waiting) refreshNow(); });

/* The timeline */

async function refreshBlock(visit) {
  const piece = await fetchPiece(`interventions/${visit}`);
  const block = piece?.querySelector(".visit");
  if (!block) return;
  const track = document.querySelector(`#lane-${block.dataset.worker || "open"} .track`);
  if (!track) { await refreshTimeline(); return; } // the first visit of somebody who had no lane
  const old = document.getElementById(block.id);
  if (old && old.parentElement === track) old.replaceWith(block);
  else { old?.remove(); track.append(block); }
}

async function refreshTimeline() {
  const piece = await fetchPiece("chronologie");
  if (!piece) return;
  const { scrollTop, scrollLeft } = timeline;
  timeline.replaceChildren(...piece.childNodes);
  timeline.scrollTo(scrollLeft, scrollTop);
  moveNow();
}

function moveNow() {
  const lanes = timeline.querySelector(".day-line");
  const now = staleAt ?? shownNow();
  lanes.style.setProperty("--now", String((now - Date.parse(lanes.dataset.starts)) / 3_600_000));
}

/** Keep the present about a third from the left, until somebody scrolls sideways by hand. */
let followsNow = true;
let ownScroll = 0;

function scrollToNow() {
  const lanes = timeline.querySelector(".day-line");
  const style = getComputedStyle(lanes);
  const hour = parseFloat(style.getPropertyValue("--hour")) * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const left = Math.max(0, parseFloat(style.getPropertyValue("--now")) * hour - timeline.clientWidth * 0.28);
  ownScroll = left;
  timeline.scrollLeft = left;
}

timeline.addEventListener("scroll", () => {
  if (Math.abs(timeline.scrollLeft - ownScroll) > 4) followsNow = false;
});

/* Choosing a row shows the worker's lane, and the reverse */

function choose(visit, { from }) {
  for (const old of board.querySelectorAll(".chosen")) old.classList.remove("chosen");
  list.querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
  const row = document.getElementById(`row-${visit}`);
  const block = document.getElementById(`block-${visit}`);
  row?.setAttribute("aria-current", "true");
  block?.querySelector(".block").classList.add("chosen");
  const lane = block?.closest(".lane");
  lane?.classList.add("chosen");
  if (from === "list" && lane) timeline.scrollTop = lane.offsetTop - timeline.clientHeight / 3;
  if (from !== "list") row?.scrollIntoView({ block: "nearest" });
  panes.pointAt(visit);
}

list.addEventListener("click", (event) => {
  const row = event.target.closest(".visit-row");
  if (row && !event.target.closest("a, button")) choose(row.dataset.visit, { from: "list" });
});

timeline.addEventListener("click", (event) => {
  const visit = event.target.closest(".visit");
  if (visit) choose(visit.dataset.visit, { from: "timeline" });
});

const panes = bindPanes({ fetchMarks: () => fetchPiece("carte"), onChosen: (visit) => choose(visit, { from: "map" }) });

/** In a hand the list begins with what presses; the rest is a touch away, in its group or by its counter. */
function foldWhatCanWait() {
  for (const group of list.querySelectorAll(".group")) group.open = PRESSING.has(group.dataset.group);
}

/* The counters filter the list */

function showFilter() {
  for (const counter of board.querySelectorAll("[data-filter]"))
    counter.setAttribute("aria-pressed", String(counter.dataset.filter === filter));
  for (const group of list.querySelectorAll(".group")) {
    const shown = filter === null || group.dataset.status === filter || (filter === "late" && group.dataset.status === "miss");
    group.hidden = !shown;
    if (filter !== null && shown) group.open = true;
  }
}

board.addEventListener("click", (event) => {
  const counter = event.target.closest("[data-filter]");
  if (counter) { filter = filter === counter.dataset.filter ? null : counter.dataset.filter; showFilter(); }
  const tab = event.target.closest("[data-tab]");
  if (tab?.matches("button")) {
    board.querySelector(".board").dataset.tab = tab.dataset.tab;
    for (const other of board.querySelectorAll("button[data-tab]"))
      other.setAttribute("aria-pressed", String(other === tab));
    if (tab.dataset.tab === "side") scrollToNow();
  }
});

board.addEventListener("change", (event) => { if (event.target.matches("[data-submits]")) event.target.form.submit(); });

/* Keys: up and down move between rows, letters act on the row chosen */

function currentRow() {
  return document.activeElement?.closest(".visit-row") ?? list.querySelector('[aria-current="true"]');
}

function step(by) {
  const rows = [...list.querySelectorAll(".group:not([hidden])[open] .visit-row")];
  const at = rows.indexOf(currentRow());
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))] ?? rows[0];
  next?.focus();
  if (next) choose(next.dataset.visit, { from: "list" });
}

const act = (key) => () => { currentRow()?.querySelector(`[data-key="${key}"]`)?.click(); };

bindKeys({
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  a: act("a"),
  v: act("v"),
  r: act("r"),
  f: () => { document.getElementById("area")?.focus(); },
});

/* Time runs */

function tick() {
  const now = staleAt ?? shownNow();
  for (const clock of board.querySelectorAll("[data-clock]")) clock.textContent = clockTime(now);
  if (staleAt === null) recount(list, now);
  moveNow();
  if (followsNow) scrollToNow();
}

function runClock() {
  tick();
  window.setTimeout(runClock, Math.min(1_000, untilNextMinute()));
}

/* The stream's health */

const live = document.getElementById("live");
const stale = document.getElementById("stale");

function showHealth() {
  const note = live.querySelector(".live-note");
  const word = live.querySelector("strong");
  word.textContent = staleAt === null ? live.dataset.live : live.dataset.cut;
  if (staleAt === null && lastPunch !== null)
    note.textContent = ` · dernier pointage il y a ${since(shownNow() - lastPunch)}`;
}

const stream = follow({
  onChange(kind, { id }) {
    if (kind === "task") return; // calls to give back have their own page
    refreshSoon();
    if (kind === "visit") refreshBlock(id);
  },
  onBeat(punchedAt) {
    if (punchedAt) lastPunch = Date.parse(punchedAt);
  },
  onLive(afterGap) {
    staleAt = null;
    board.removeAttribute("data-stale");
    stale.hidden = true;
    showHealth();
    if (afterGap) { refreshNow(); refreshTimeline(); }
  },
  onStale(sinceMs, retryInMs) {
    staleAt ??= shownNow();
    board.dataset.stale = "";
    stale.hidden = false;
    stale.querySelector(".stale-for").textContent = since(sinceMs);
    stale.querySelector(".stale-at").textContent = clockSeconds(staleAt);
    stale.querySelector(".aside").textContent = `nouvel essai dans ${since(Math.max(0, retryInMs))}`;
    live.querySelector(".live-note").textContent = ` · depuis ${since(sinceMs)}`;
    showHealth();
  },
});

document.getElementById("retry").addEventListener("click", stream.retry);
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig?.verb !== "get") refreshNow(); });
showHealth();
window.setInterval(showHealth, 1_000);
window.setInterval(() => { refreshTimeline(); panes.refresh(); }, WHOLE_TIMELINE_MS);
if (NARROW.matches) foldWhatCanWait();
bindSound();
moveNow();
scrollToNow();
runClock();
