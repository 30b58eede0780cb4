/** A remark on a punch, in one tap: why it was made elsewhere, or that it is not right. It becomes a note. */

import { WORKER } from "./page.js";
import { fill, words } from "./words.js";
import { keepNote, refusedNotes, sendNotes, waitingNotes } from "./notes.js";

const answer = document.getElementById("answer");
const outside = document.getElementById("outside");
const dispute = document.getElementById("dispute");
const section = document.getElementById("notes");

/** Call when a note was taken by the agency: the page has something new to show. */
let taken = () => {};
export function onTaken(act) { taken = act; }

/** Write a note down and show it; it leaves by itself. Rejects when this browser can keep nothing. */
export async function note(kind, fields, shown) {
  await keepNote(kind, fields, shown);
  await showNotes();
  sendHeld().catch(() => {});
}

/** Send the notes that wait. */
export async function sendHeld() {
  const number = await sendNotes(WORKER);
  await showNotes();
  if (!number) return;
  if (dispute.open) dispute.addEventListener("close", taken, { once: true });
  else taken();
}

/** List the notes that wait in this phone, and those that the agency refused. */
export async function showNotes() {
  const waiting = await waitingNotes(WORKER).catch(() => []);
  const refused = await refusedNotes(WORKER).catch(() => []);
  section.hidden = waiting.length + refused.length === 0;
  section.querySelector("ul").replaceChildren(...[
    ...waiting.map(({ shown }) => row(shown, section.dataset.waiting, "watch")),
    ...refused.map(({ shown, reason }) => row(shown, reason, "late")),
  ]);
}

function row(shown, state, status) {
  const line = document.createElement("li");
  const word = document.createElement("strong");
  const told = document.createElement("span");
  line.dataset.status = status;
  word.textContent = shown;
  told.className = "told";
  told.textContent = state;
  line.append(word, told);
  return line;
}

async function tap(button, kind, punch) {
  const box = button.closest("[data-remarks]");
  const field = box.querySelector("[data-comment]");
  const told = box.querySelector("[role=status]");
  try {
    const comment = field.value.trim();
    await keepNote(kind, { punch, reason: button.dataset.reason, ...(comment ? { comment } : {}) }, fill(words.notes.remark, { kind: box.dataset.remarks, what: button.textContent.trim() }));
    told.textContent = told.dataset.kept;
    field.value = "";
    for (const one of box.querySelectorAll("[data-reason], [data-asks]")) one.hidden = true;
  } catch {
    told.textContent = told.dataset.unkept;
    return;
  }
  await showNotes();
  sendHeld().catch(() => {});
}

function open(box) {
  for (const one of box.querySelectorAll("[data-reason], [data-asks]")) one.hidden = false;
  box.querySelector("[role=status]").textContent = "";
}

/** Ask why the punch just answered was made elsewhere; nothing when it was not. */
export function askWhy(punch) {
  outside.hidden = punch.message.place !== "outside";
  outside.dataset.punch = punch.key;
  open(outside);
  answer.dataset.punch = punch.key;
}

/** A punch is named by its number in the agency, else by the key that this phone gave it. */
const named = (text) => (/^[0-9]+$/.test(text) && text.length < 19 ? Number(text) : text);

document.addEventListener("click", (event) => {
  const reason = event.target.closest("[data-reason]");
  if (reason && outside.contains(reason)) tap(reason, "explanation", outside.dataset.punch);
  if (reason && dispute.contains(reason)) tap(reason, "dispute", named(dispute.dataset.punch));
  const disputes = event.target.closest("[data-disputes]");
  if (!disputes) return;
  dispute.dataset.punch = disputes.dataset.disputes || answer.dataset.punch;
  open(dispute);
  dispute.showModal();
});
dispute.querySelector("[data-close]").addEventListener("click", () => dispute.close());
