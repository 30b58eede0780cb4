/** The worker's page: a press makes a punch, which is written down, sent, and answered on the full screen. */

import { clockTime } from "../clock.js";
import { onLeft, showAnswer, showReceipt } from "./answer.js";
import { noteTime } from "./clock-state.js";
import { fetchDay, forgetCopy, keepCopy } from "./copy.js";
import { countSpent, layOver, replaceDay, show, showNext } from "./day.js";
import { isOut, layOutings, reportTyped, restoreTyped } from "./during.js";
import { enrol } from "./key.js";
import { showClockNotice, showNetwork, showQueue, showSent } from "./network.js";
import { isKeptCopy, WORKER } from "./page.js";
import { findPlace, homeOf } from "./place.js";
import { makePunch } from "./punch.js";
import { keep, refused, tellPlace, waiting, waitingOfOthers } from "./queue.js";
import { readAddress, readCode, readTag } from "./readers.js";
import { onTaken, sendHeld, showNotes } from "./remarks.js";
import { post, send } from "./sending.js";
import { askToKeep, whyLost } from "./storage.js";
import { fill, words } from "./words.js";

const UI_PATIENCE_MS = 5_000;
const RETRY_MS = 15_000;

const state = { reached: !isKeptCopy, held: null, message: "", fresh: !isKeptCopy };
/** Punches that the agency has and that the page does not show yet. */
let answered = [];

/* Showing */

async function draw({ choose = true } = {}) {
  showClockNotice();
  const held = await waiting(WORKER).catch(() => []);
  layOver([...answered, ...held]);
  await layOutings();
  restoreTyped();
  if (choose && document.getElementById("day")) showNext();
  showQueue(held, await refused(WORKER).catch(() => []));
  showNetwork({
    online: navigator.onLine && state.reached,
    waiting: held.length,
    others: await waitingOfOthers(WORKER).catch(() => 0),
    held: state.held,
    message: state.message,
    fresh: state.fresh,
  });
}

/** Fetch the day anew; what is laid over it is then the server's own. */
async function refresh() {
  const shown = document.querySelector('.day-row[aria-pressed="true"]')?.dataset.shows;
  const html = await fetchDay();
  state.reached = html !== null;
  if (html === null || !replaceDay(html)) return;
  if (shown) show(shown);
  state.fresh = true;
  answered = [];
  const total = document.getElementById("day-total");
  if (total) showReceipt(total.textContent);
}

/* Sending */

async function sendWaiting({ quiet = false } = {}) {
  const { outcomes, held } = await send(WORKER);
  state.held = held && ["signin", "barred"].includes(held.kind) ? held.kind : null;
  state.message = held?.message ?? "";
  state.reached = held?.kind !== "unsent";
  const sent = [...outcomes.values()].filter((outcome) => outcome.kind !== "refused").length;
  if (sent && !quiet) showSent(sent);
  return outcomes;
}

/** Send what waits; fetch the day anew when something left, when it is an old copy, or when asked `again`. */
async function retry({ again = false } = {}) {
  sendHeld().catch(() => {});
  const held = await waiting(WORKER).catch(() => []);
  if (!held.length && state.fresh && state.reached && !again) return;
  const outcomes = held.length ? await sendWaiting() : new Map();
  if (outcomes.size || again || !state.fresh || !state.reached) await refresh();
  await draw({ choose: outcomes.size > 0 });
}

/* Punching */

let busy = false;

async function press(button) {
  if (busy) return;
  busy = true;
  button.setAttribute("aria-busy", "true");
  try {
    const punch = await read(button);
    if (punch?.shown.edge === "departure") await reportTyped(button.closest(".visit-card")).catch(() => {});
    if (punch) await record(punch, button);
  } finally {
    busy = false;
    button.removeAttribute("aria-busy");
  }
}

/** Return the punch that a button makes, after reading a code or a tag when that is its way; null: given up. */
async function read(button) {
  const card = button.closest(".visit-card");
  const { visit, client, home, channel, token, sun } = card.dataset;
  const edge = button.dataset.edge ?? (card.dataset.status === "run" ? "departure" : "arrival");
  const gesture = { edge, visit, client, home, checked: placeOf(button) !== null };
  if (button.dataset.site) return makePunch({ ...gesture, way: "site", site: button.dataset.site });
  if (button.dataset.way === "token") return makePunch({ ...gesture, way: channel, token, sun });
  const reading = await readBy(wayOf(button));
  if (reading === null) return null;
  if (reading === "without") return makePunch({ ...gesture, way: "app" });
  return makePunch({ ...gesture, way: reading.channel, token: reading.token, sun: reading.sun });
}

/** What the phone compares its place with: the home, or the agreed place whose button it is; nothing when out. */
function placeOf(button) {
  if (isOut(button.closest(".visit-card"))) return null;
  return homeOf(button.dataset.site ? button : button.closest(".visit-card"));
}

/** The button's way; the usual one gives way to the worker's word on a phone that reads no tag. */
function wayOf(button) {
  const { way, edge } = button.dataset;
  return edge && way === "nfc" && !("NDEFReader" in window) ? "app" : way;
}

function readBy(way) {
  if (way === "qr") return readCode();
  if (way === "nfc") return readTag();
  return "without";
}

async function record(punch, button) {
  const card = button.closest(".visit-card");
  const ends = card.dataset.ends ? fill(words.answer.plannedEnd, { time: clockTime(Date.parse(card.dataset.ends)) }) : "";
  const note = punch.shown.edge === "arrival" ? ends : "";
  const outcome = await sendPatiently(punch, punch.placeDue ? placeOf(button) : null);
  showAnswer(punch, outcome, { note });
  if (outcome.kind === "stored" || outcome.kind === "taken") {
    answered.push({ ...punch, shown: { ...punch.shown, edge: outcome.edge ?? punch.shown.edge, visit: String(outcome.visit ?? "") } });
    await refresh();
  }
  await draw();
}

/**
 * Write the punch down, look whether the phone is at `home` where that is checked, and send it. Past a few seconds it
 * is said to be kept, which is true, and goes on leaving.
 */
async function sendPatiently(punch, home) {
  const failure = await keep(punch).then(() => null, (error) => error);
  const kept = failure === null;
  if (home) {
    const word = await findPlace(home);
    if (!kept || await tellPlace(punch, word).catch(() => false)) punch.message.place = word;
  }
  if (!kept) return sendUnkept(punch, failure);
  const sending = sendWaiting({ quiet: true });
  const patience = new Promise((resolve) => { window.setTimeout(() => resolve(null), UI_PATIENCE_MS); });
  const outcomes = await Promise.race([sending, patience]);
  if (outcomes === null) sending.then(() => { refresh().then(() => draw({ choose: false })); });
  return outcomes?.get(punch.key) ?? { kind: "unsent", message: "" };
}

/** A browser that keeps nothing (private browsing, no room left): the punch leaves now or is said to be lost. */
async function sendUnkept(punch, failure) {
  const outcome = await post(punch);
  if (["stored", "taken", "refused"].includes(outcome.kind)) return outcome;
  return { kind: "refused", message: whyLost(failure) };
}

/* The page's life */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-press]");
  if (button) press(button);
  const row = event.target.closest("[data-shows]");
  if (row) show(row.dataset.shows, { focus: true });
});

document.getElementById("retry").addEventListener("click", () => retry());
document.getElementById("sign-out").addEventListener("submit", () => { forgetCopy(); });
onLeft(() => {
  if (!document.getElementById("day")) window.location.assign("/moi");
  else document.getElementById("content").scrollIntoView({ block: "start" });
});
window.addEventListener("online", () => { state.reached = true; retry(); });
window.addEventListener("offline", () => draw({ choose: false }));
document.addEventListener("visibilitychange", () => { if (!document.hidden) retry({ again: true }); });
window.setInterval(() => { if (!document.hidden) retry(); countSpent(); noteTime().catch(() => {}); }, RETRY_MS);

/** A label or a tag opened the page without network: its code is in the address, its home is not known. */
function showCodeRead() {
  const section = document.getElementById("code-read");
  const read = readAddress(window.location.href);
  if (!section || !read) return;
  section.hidden = false;
  section.dataset.channel = read.channel;
  section.dataset.token = read.token;
  const kind = read.channel === "nfc" ? "tag" : "code";
  for (const word of section.querySelectorAll("[data-read]")) word.hidden = word.dataset.read !== kind;
  if (read.sun) section.dataset.sun = read.sun;
}

onTaken(() => {
  if (document.getElementById("day")) refresh().then(() => draw({ choose: false }));
  else if (document.querySelector(".punch-day")) window.location.reload();
});
showCodeRead();
await draw();
await showNotes().catch(() => {});
keepCopy().catch(() => {});
askToKeep();
if (!isKeptCopy) await enrol(WORKER).catch(() => {});
await retry();
