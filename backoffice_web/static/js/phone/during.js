/** What the worker says while a visit is open: going out and coming back, expenses, kilometres, a comment. */

import { WORKER } from "./page.js";
import { waitingNotes } from "./notes.js";
import { note } from "./remarks.js";
import { fill, words } from "./words.js";

const EXPENSE = { field: "amount", pattern: /^[0-9]{1,4}(?:[.,][0-9]{1,2})?$/, least: 0.01, most: 1000 };
const MILEAGE = { field: "km", pattern: /^[0-9]{1,3}(?:[.,][0-9])?$/, least: 0.1, most: 500 };

/** Whether the worker is out during the visit of this card: the place of a departure is then not compared. */
export const isOut = (card) => Boolean(card.dataset.outing);

/** Lay over the page the outings that the agency does not know yet. */
export async function layOutings() {
  for (const { message } of await waitingNotes(WORKER).catch(() => [])) {
    const card = document.getElementById(`visit-${message.visit}`);
    if (card && message.kind === "outing") card.dataset.outing = message.what;
    if (card && message.kind === "outing_end") card.dataset.outing = "";
  }
}

async function goOut(button, what) {
  const card = button.closest(".visit-card");
  const visit = Number(card.dataset.visit);
  const word = `${button.textContent.trim()}, ${card.dataset.client}`;
  card.dataset.outing = what;
  try {
    await note(what ? "outing" : "outing_end", { visit, ...(what ? { what } : {}) }, word);
  } catch {
    card.dataset.outing = what ? "" : "walk"; // nothing was kept: the button is there again
  }
}

/** Return what was typed as the agency takes it (`12.50`), null when empty; throws the field's name when it is none. */
function figure(form, { field, pattern, least, most }) {
  const typed = form.elements[field].value.trim().replace(/\s|€/g, "");
  if (!typed) return null;
  const text = typed.replace(",", ".");
  if (!pattern.test(typed) || Number(text) < least || Number(text) > most) throw new RangeError(field);
  return text;
}

/** Say under a field what is wrong with it; without one, nothing is. */
function sayWrong(form, told, field = null) {
  for (const said of form.querySelectorAll("[data-said]")) {
    const wrong = said.dataset.said === field;
    said.textContent = wrong ? told.dataset[field] : "";
    form.elements[said.dataset.said].setAttribute("aria-invalid", String(wrong));
  }
  form.elements[field]?.focus();
}

/** Write a figure as the reader does. */
const written = (number) => number.replace(".", words.decimal);

async function report(form) {
  const told = form.querySelector("[role=status]");
  told.textContent = "";
  sayWrong(form, told);
  const card = form.closest(".visit-card");
  const visit = Number(card.dataset.visit);
  const text = form.elements.text.value.trim();
  try {
    const amount = figure(form, EXPENSE);
    const km = figure(form, MILEAGE);
    if (!amount && !km && !text) { told.textContent = told.dataset.empty; return; }
    const client = card.dataset.client;
    if (amount) await note("expense", { visit, amount, text }, fill(words.notes.expense, { amount: written(amount), client }));
    if (km) await note("mileage", { visit, km, text: amount ? "" : text }, fill(words.notes.mileage, { km: written(km), client }));
    if (!amount && !km) await note("comment", { visit, text }, fill(words.notes.comment, { client }));
    form.reset();
    sessionStorage.removeItem(draftKey(form));
    told.textContent = told.dataset.kept;
  } catch (error) {
    if (error instanceof RangeError) sayWrong(form, told, error.message);
    else told.textContent = told.dataset.unkept;
  }
}

/** Note what was typed in the card's form and not noted yet: who leaves has said it. What is wrong stays there. */
export async function reportTyped(card) {
  const form = card.querySelector("[data-reports]");
  if (form && [...new FormData(form).values()].some((typed) => String(typed).trim())) await report(form);
}

const draftKey = (form) => `ponctuel.draft.${WORKER}.${form.closest(".visit-card").dataset.visit}`;

/** Put back what was typed before the page was loaded anew, as phones do with a page that waits behind another. */
export function restoreTyped() {
  for (const form of document.querySelectorAll("[data-reports]")) {
    const kept = sessionStorage.getItem(draftKey(form));
    if (kept === null) continue;
    for (const [field, typed] of Object.entries(JSON.parse(kept))) if (!form.elements[field].value) form.elements[field].value = typed;
    form.closest("details").open = true;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-reports]");
  if (form) sessionStorage.setItem(draftKey(form), JSON.stringify(Object.fromEntries(new FormData(form))));
});
document.addEventListener("click", (event) => {
  const out = event.target.closest("[data-goes-out]");
  if (out) goOut(out, out.dataset.goesOut);
  const back = event.target.closest("[data-comes-back]");
  if (back) goOut(back, "");
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-reports]")) return;
  event.preventDefault();
  report(event.target);
});
