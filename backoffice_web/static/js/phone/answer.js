/** The full-screen answer to a punch: stored by the agency, kept there or in this phone, or refused. */

import { clockTime } from "../clock.js";
import { shownAt } from "./page.js";
import { shortKey } from "./punch.js";
import { receiptOf } from "./receipt.js";
import { askWhy } from "./remarks.js";
import { words } from "./words.js";

const RETURN_S = 6;
const dialog = document.getElementById("answer");
const part = (name) => dialog.querySelector(`.answer-${name}`);

/** Vibrations: short and firm when it is done, longer when something has to be read. */
const VIBRATIONS = { stored: [80], kept: [80, 80, 80], refused: [300, 120, 300] };

function wording(punch, outcome) {
  const edge = outcome.kind === "stored" ? outcome.edge ?? punch.shown.edge : punch.shown.edge;
  const titles = words.answer[outcome.kind] ?? words.answer.unsent;
  return { title: titles[edge ?? "punch"], note: noteOf(outcome) };
}

/** What the agency's answer means, in the reader's words; its own French sentence when it has no name for it. */
function noteOf(outcome) {
  if (outcome.kind === "stored") return outcome.doubt ? words.doubts[outcome.doubt] ?? outcome.message : "";
  if (outcome.kind === "refused") return outcome.message;
  return outcome.kind === "taken" ? words.answer.takenNote : words.answer.unsentNote;
}

/**
 * Show what became of a punch.
 * @param {import("./queue.js").Punch} punch
 * @param {import("./sending.js").Outcome} outcome
 * @param {{ note?: string }} more a sentence under the client's name when nothing else has to be said
 */
export function showAnswer(punch, outcome, { note = "" } = {}) {
  const kind = outcome.kind === "stored" || outcome.kind === "refused" ? outcome.kind : "kept";
  const told = wording(punch, outcome);
  dialog.dataset.outcome = kind;
  const total = dialog.querySelector(".answer-total");
  total.hidden = kind !== "stored";
  total.querySelector("dd").textContent = "…";
  part("proof").textContent = words.ways[punch.shown.way].proof;
  part("place").hidden = !punch.placeDue;
  part("place").querySelector("dd").textContent = words.places[punch.message.place];
  part("key").textContent = shortKey(punch.key);
  part("receipt").hidden = kind !== "stored";
  part("receipt").querySelector("dd").textContent = "…";
  askWhy(punch);
  if (!dialog.open) dialog.showModal();
  // Said after the dialog is there, so that a screen reader hears it change.
  part("told").querySelector("h2").textContent = told.title;
  part("time").textContent = outcome.time ?? clockTime(shownAt(punch.at));
  part("client").textContent = punch.shown.client;
  part("note").textContent = told.note || note;
  navigator.vibrate?.(VIBRATIONS[kind]);
  if (kind === "refused" || punch.message.place === "outside") stay();
  else countDown();
}

/** Add the day's total and the ledger's proof, once the page knows them. */
export function showReceipt(total) {
  if (!dialog.open || dialog.dataset.outcome !== "stored") return;
  dialog.querySelector(".answer-total dd").textContent = total;
  const receipt = receiptOf(dialog.dataset.punch);
  part("receipt").querySelector("dd").textContent = receipt?.proof ?? "";
  part("receipt").hidden = !receipt;
}

/* It leaves by itself, unless somebody touches, presses a key or moves. Nothing moves under the finger meanwhile. */

let timer = 0;

function countDown() {
  let left = RETURN_S;
  const line = part("return");
  const show = () => { line.querySelector("span").textContent = String(left); };
  window.clearInterval(timer);
  line.classList.remove("stopped");
  show();
  timer = window.setInterval(() => {
    left -= 1;
    show();
    if (left <= 0) dialog.close();
  }, 1_000);
}

function stay() {
  window.clearInterval(timer);
  part("return").classList.add("stopped");
}

for (const gesture of ["pointerdown", "keydown", "wheel", "touchmove"])
  dialog.addEventListener(gesture, stay, { passive: true });
dialog.addEventListener("close", stay);
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

/** Call when the answer has been left. */
export function onLeft(act) {
  dialog.addEventListener("close", act);
}
