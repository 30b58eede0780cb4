/**
 * The day on the screen: which visit is shown, and what the punches still in the phone make of it. The server's
 * page is the truth; over it lie the punches that it does not know yet.
 */

import { shownAt, shownNow } from "./page.js";
import { fill, words } from "./words.js";

const NEXT = { arrival: "run", departure: "done" };
const cards = () => [...document.querySelectorAll("#day .visit-card")];
const rowOf = (visit) => document.querySelector(`.day-rows [data-visit="${visit}"]`);

/** Lay over the page what these punches (waiting, or just answered) make of their visits. */
export function layOver(punches) {
  for (const { at, shown } of punches) {
    const status = NEXT[shown.edge];
    const card = document.getElementById(`visit-${shown.visit}`);
    if (!status || !card || ["done", "off"].includes(card.dataset.status)) continue;
    card.dataset.status = status;
    const row = rowOf(shown.visit);
    if (row) row.dataset.status = status;
    if (status === "run") card.querySelector("[data-spent]").dataset.since = new Date(shownAt(at)).toISOString();
  }
  countSpent();
}

/** Return the card whose act is next: the visit going on, else the next one to come, else the last one missed. */
function nextCard() {
  const all = cards();
  const by = (status) => all.filter((card) => card.dataset.status === status);
  return by("run").at(-1) ?? by("due").find((card) => Date.parse(card.dataset.ends) > shownNow()) ?? by("due")[0] ?? by("miss").at(-1) ?? null;
}

/** Show one visit's card. */
export function show(visit, { focus = false } = {}) {
  const over = document.getElementById("day-over");
  for (const card of cards()) card.hidden = card.dataset.visit !== visit;
  for (const row of document.querySelectorAll(".day-row")) row.setAttribute("aria-pressed", String(row.dataset.shows === visit));
  if (over) over.hidden = visit !== null;
  if (!focus || visit === null) return;
  const card = document.getElementById(`visit-${visit}`);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

/** Show the visit whose act is next. */
export function showNext() {
  const card = nextCard();
  show(card ? card.dataset.visit : null);
}

/** Count on how long the visits that go on have lasted. */
export function countSpent() {
  for (const figure of document.querySelectorAll("[data-spent]")) {
    const since = Date.parse(figure.dataset.since);
    if (Number.isNaN(since)) continue;
    const minutes = Math.max(0, Math.floor((shownNow() - since) / 60_000));
    figure.textContent = fill(words.duration, { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
  }
}

/** Take what is typed, or opened to be, over into the newer day: a refresh must not empty anybody's hands. */
function carryForms(here, day) {
  for (const form of here.querySelectorAll("details.reports[open]")) {
    const card = form.closest(".visit-card").id;
    day.querySelector(`#${card} details.reports`)?.replaceWith(form);
  }
}

/** Put the server's newer day in place of the one shown, unless somebody is typing in it. Returns whether it could. */
export function replaceDay(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const day = fresh.getElementById("day");
  const here = document.getElementById("day");
  if (!day || !here || fresh.body.dataset.worker !== document.body.dataset.worker) return false;
  if (document.activeElement?.matches("#day input, #day textarea")) return false;
  carryForms(here, day);
  here.replaceChildren(...day.childNodes);
  return true;
}
