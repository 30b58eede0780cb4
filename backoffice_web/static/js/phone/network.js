/** What the phone says of the network: the bar on top, the word beside the date, the punches that wait. */

import { clockTime } from "../clock.js";
import { clockError } from "./copy.js";
import { drawn, isAnotherDay, isKeptCopy, shownAt } from "./page.js";
import { count as agree, edgeWord, fill, words } from "./words.js";

const SENT_SHOWN_MS = 4_000;
const bar = document.getElementById("network");
const freshness = document.getElementById("freshness");
const told = words.network;

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
  link.textContent = count ? agree(told.signInToSend, count) : told.signIn;
  return link;
}

/** Without network nothing leads anywhere but the day itself: what was touched stays, and the bar says why. */
const STAYS = new Set(["/moi", "/moi/pointer"]);

function holdBack(event, address) {
  if (navigator.onLine || (address && STAYS.has(new URL(address, location.href).pathname))) return;
  event.preventDefault();
  event.stopPropagation();
  bar.closest("body").querySelector("[popover]:popover-open")?.hidePopover();
  bar.scrollIntoView({ block: "center" });
  bar.classList.remove("reminds");
  void bar.offsetWidth; // the animation begins anew
  bar.classList.add("reminds");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href]:not([href^="tel:"], [href^="#"])');
  if (link) holdBack(event, link.href);
}, { capture: true });
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-reports]") && event.target.method !== "dialog") holdBack(event, "");
}, { capture: true });

let sentTimer = 0;

/**
 * Say how things stand.
 * @param {{ online: boolean, waiting: number, others: number, held: string|null, message: string, fresh: boolean }} state
 */
export function showNetwork({ online, waiting, others, held, message, fresh }) {
  const word = freshness.querySelector(".freshness-word");
  freshness.dataset.fresh = String(online && fresh && !waiting);
  word.textContent = !online ? told.offline : waiting ? told.toSend : fresh ? told.fresh : fill(told.seenAt, { time: clockTime(drawn) });
  document.getElementById("account-waiting").textContent = waiting ? agree(told.atNextSignIn, waiting) : "";
  if (held === "signin") say(told.closed, signInLink(waiting), { count: waiting });
  else if (held === "barred") say(told.barred, message, { count: waiting });
  else if (waiting) say(online ? told.waiting : told.offline, agree(told.kept, waiting), { count: waiting });
  else if (!online) say(told.offline, told.mayPunch);
  else if (others) say(told.otherAccount, agree(told.others, others), { count: others });
  else if (!sentTimer) bar.hidden = true;
}

/** Say for four seconds that what waited has left. */
export function showSent(number) {
  window.clearTimeout(sentTimer);
  say(agree(told.sent, number), told.received, { kind: "sent" });
  sentTimer = window.setTimeout(() => { sentTimer = 0; bar.hidden = true; }, SENT_SHOWN_MS);
}

function fillRow(punch, sentence) {
  const row = document.getElementById("waiting-row").content.cloneNode(true).firstElementChild;
  for (const sign of row.querySelectorAll(".row-edge")) sign.hidden = sign.dataset.edge !== (punch.shown.edge ?? "arrival");
  row.querySelector("time").textContent = clockTime(shownAt(punch.at));
  row.querySelector("strong").textContent = edgeWord(punch.shown.edge);
  row.querySelector(".told").textContent = sentence;
  row.querySelector(".chip span").textContent = words.ways[punch.shown.way].word;
  return row;
}

/* Kept here, because a refresh of the day takes them off the page with the place where they stand. */
const section = document.getElementById("waiting");
const traces = document.getElementById("refused");

/** List what waits, the oldest first, and what was refused. */
export function showQueue(waiting, refused) {
  section.hidden = waiting.length === 0;
  section.querySelector("ul").replaceChildren(...waiting.map((punch) => fillRow(punch, punch.shown.client || told.codeRead)));
  traces.hidden = refused.length === 0;
  traces.querySelector("ul").replaceChildren(...refused.map((trace) => fillRow(trace, [trace.shown.client, trace.reason].filter(Boolean).join(" : "))));
  document.getElementById("waiting-place")?.replaceChildren(section, traces);
}

/** Warn when the phone's clock is wrong, or when the day shown is over. */
export function showClockNotice() {
  const text = clockError
    ? fill(clockError > 0 ? words.clock.ahead : words.clock.slow, { minutes: Math.abs(clockError) })
    : isKeptCopy && isAnotherDay() ? words.clock.dayOver : "";
  const notice = document.getElementById("clock-notice");
  notice.hidden = !text;
  notice.querySelector("span").textContent = text;
}
