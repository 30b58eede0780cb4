/** What the phone says of the network: the bar on top, the word beside the date, the punches that wait. */

import { clockTime } from "../clock.js";
import { clockError } from "./copy.js";
import { drawn, isAnotherDay, isKeptCopy, shownAt } from "./page.js";
import { edgeWord, WAYS } from "./punch.js";

const SENT_SHOWN_MS = 4_000;
const bar = document.getElementById("network");
const freshness = document.getElementById("freshness");
const NBSP = "\u00a0";

const punches = (number) => `${number}${NBSP}pointage${number > 1 ? "s" : ""}`;

function say(title, note, { count = 0, kind = "" } = {}) {
  bar.hidden = false;
  bar.dataset.kind = kind;
  bar.querySelector("strong").textContent = title;
  bar.querySelector(".network-note").replaceChildren(note);
  const figure = bar.querySelector(".network-count");
  figure.hidden = count === 0;
  figure.textContent = String(count);
}

function signInLink(count) {
  const link = document.createElement("a");
  link.href = "/connexion?suite=/moi";
  link.textContent = count ? `Se connecter pour envoyer ${punches(count)}` : "Se connecter";
  return link;
}

let sentTimer = 0;

/**
 * Say how things stand.
 * @param {{ online: boolean, waiting: number, others: number, held: string|null, message: string, fresh: boolean }} state
 */
export function showNetwork({ online, waiting, others, held, message, fresh }) {
  const word = freshness.querySelector(".freshness-word");
  freshness.dataset.fresh = String(online && fresh && !waiting);
  word.textContent = !online ? "Hors réseau" : waiting ? "À envoyer" : fresh ? "À jour" : `Vue de ${clockTime(drawn)}`;
  document.getElementById("account-waiting").textContent = waiting ? `${punches(waiting)} attend${waiting > 1 ? "ent" : ""} ici ; l’envoi se fera à votre prochaine connexion.` : "";
  if (held === "signin") say("Session fermée", signInLink(waiting), { count: waiting });
  else if (held === "barred") say("Envoi refusé", message, { count: waiting });
  else if (waiting) say(online ? "Envoi en attente" : "Hors réseau", `${punches(waiting)} gardé${waiting > 1 ? "s" : ""} ici`, { count: waiting });
  else if (!online) say("Hors réseau", "Vous pouvez pointer : tout est gardé ici");
  else if (others) say("Un autre compte", `${punches(others)} d’une autre personne attend${others > 1 ? "ent" : ""} sa connexion`, { count: others });
  else if (!sentTimer) bar.hidden = true;
}

/** Say for four seconds that what waited has left. */
export function showSent(number) {
  window.clearTimeout(sentTimer);
  say(`${punches(number)} envoyé${number > 1 ? "s" : ""}`, "Reçu par l’agence", { kind: "sent" });
  sentTimer = window.setTimeout(() => { sentTimer = 0; bar.hidden = true; }, SENT_SHOWN_MS);
}

function fillRow(punch, told) {
  const row = document.getElementById("waiting-row").content.cloneNode(true).firstElementChild;
  for (const sign of row.querySelectorAll(".row-edge")) sign.hidden = sign.dataset.edge !== (punch.shown.edge ?? "arrival");
  row.querySelector("time").textContent = clockTime(shownAt(punch.at));
  row.querySelector("strong").textContent = edgeWord(punch.shown.edge);
  row.querySelector(".told").textContent = told;
  row.querySelector(".chip span").textContent = WAYS[punch.shown.way].word;
  return row;
}

/* Kept here, because a refresh of the day takes them off the page with the place where they stand. */
const section = document.getElementById("waiting");
const traces = document.getElementById("refused");

/** List what waits, the oldest first, and what was refused. */
export function showQueue(waiting, refused) {
  section.hidden = waiting.length === 0;
  section.querySelector("ul").replaceChildren(...waiting.map((punch) => fillRow(punch, punch.shown.client || "Code lu")));
  traces.hidden = refused.length === 0;
  traces.querySelector("ul").replaceChildren(...refused.map((trace) => fillRow(trace, [trace.shown.client, trace.reason].filter(Boolean).join(" : "))));
  document.getElementById("waiting-place")?.replaceChildren(section, traces);
}

/** Warn when the phone's clock is wrong, or when the day shown is over. */
export function showClockNotice() {
  const text = clockError
    ? `L’heure de ce téléphone ${clockError > 0 ? "avance" : "retarde"} de ${Math.abs(clockError)}${NBSP}min${NBSP}: réglez-la, vos pointages la prennent.`
    : isKeptCopy && isAnotherDay() ? "Cette journée est passée : celle d’aujourd’hui s’affichera au retour du réseau." : "";
  const notice = document.getElementById("clock-notice");
  notice.hidden = !text;
  notice.querySelector("span").textContent = text;
}
