/**
 * The planning by day, week or month. The grid is the server's, fetched whole after a change; what is done here is choosing a
 * visit, dragging it, and the dialog that does the same by keyboard.
 */

import "./choices.js";
import { clockTime, shownNow } from "./clock.js";
import { bindKeys } from "./keys.js";
import { follow } from "./live.js";
import { bindDialog } from "./planning-dialog.js";
import { bindDrag } from "./planning-drag.js";
import { choose, chosen, step } from "./planning-focus.js";
import { bindLane, showLane } from "./planning-lane.js";
import { stepDays } from "./planning-month.js";
import { bindFilter, filterRows } from "./planning-filter.js";
import { bindRows, showRows } from "./planning-rows.js";
import { showToast } from "./toasts.js";

const page = document.getElementById("planning");
const plan = document.getElementById("plan");
const GATHER_MS = 1_500;
const HOUR_MS = 3_600_000;

/** Fetch a piece as this person, signed; a refusal of the server becomes a toast. */
export async function call(address, { body } = {}) {
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector('meta[name="csrf"]').content };
  try {
    const answer = await fetch(address, { method: body ? "POST" : "GET", headers, body });
    if (answer.status === 401) window.location.reload();
    if (!answer.ok && answer.headers.has("HX-Trigger"))
      showToast(JSON.parse(answer.headers.get("HX-Trigger")).toast.message);
    return answer;
  } catch {
    showToast("Le serveur ne répond pas. Rien n’a été enregistré.", { stays: true });
    return null;
  }
}

/* The grid, and now */

let busy = false;

async function refresh(moved = null) {
  const answer = await call(`/planning/grille?${page.dataset.query}`);
  if (!answer?.ok || busy) return;
  const { scrollTop, scrollLeft } = plan;
  const open = document.getElementById("row-0")?.scrollTop ?? 0;
  const focused = document.activeElement?.closest?.(".plan-block")?.id;
  const day = document.activeElement?.closest?.(".month-day")?.dataset.day;
  plan.innerHTML = await answer.text();
  document.getElementById("cancelled").replaceChildren(document.getElementById("cancelled-now").content);
  plan.scrollTo(scrollLeft, scrollTop);
  showLane();
  if (document.getElementById("row-0")) document.getElementById("row-0").scrollTop = open;
  plan.querySelector(`.month-day[data-day="${day}"]`)?.focus();
  moveNow();
  choose(document.getElementById(focused ?? "") ?? plan.querySelector(".plan-block"), { focus: Boolean(focused) });
  if (moved) document.getElementById(`visit-${moved}`)?.classList.add("just-moved");
}

function moveNow() {
  for (const line of plan.querySelectorAll("[data-today]")) {
    const now = (shownNow() - Date.parse(line.dataset.starts)) / HOUR_MS;
    line.style.setProperty("--now", String(now));
    line.toggleAttribute("data-beyond", now < 0 || now > Number(line.dataset.hours));
    if (line.hasAttribute("data-beyond")) line.dataset.beyond = now < 0 ? "before" : "after";
    const tag = line.querySelector(".plan-now-tag");
    if (tag) tag.textContent = clockTime(shownNow());
  }
  giveWay();
  showRows(plan, shownNow());
  filterRows(plan);
}

/** The hours of the scale that the hour it is covers give way to it. */
function giveWay() {
  const tag = plan.querySelector(".plan-now-tag")?.getBoundingClientRect();
  for (const hour of plan.querySelectorAll(".plan-head .plan-hours span")) {
    const { left, right } = hour.getBoundingClientRect();
    hour.classList.toggle("beneath", Boolean(tag) && right > tag.left && left < tag.right);
  }
}

/** Say that the grid goes on out of sight, when it does. */
function showSideways() {
  const note = document.getElementById("sideways");
  if (note) note.hidden = plan.scrollWidth <= plan.clientWidth;
}

/** What was done is told with the way back, and the grid shows it. */
async function told(outcome, { undoable = true } = {}) {
  const toast = showToast(outcome.message);
  const undoButton = document.getElementById("undo");
  undoButton.disabled = !outcome.may_undo;
  undoButton.title = outcome.undo;
  if (undoable) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = outcome.way_back;
    button.addEventListener("click", () => { toast.remove(); undo(); });
    toast.firstChild.after(button);
  }
  await refresh(outcome.visit);
}

async function undo() {
  const answer = await call("/planning/annuler", { body: new FormData() });
  if (answer?.ok) await told(await answer.json(), { undoable: false });
}

if (plan) {
  const dialog = bindDialog({ call, told });
  if (page.hasAttribute("data-drags"))
    bindDrag({
      plan,
      call,
      hold: (held) => { busy = held; },
      drop: (visit, fields) => dialog.tryMove(visit, fields),
    });
  bindLane(plan);
  bindRows(plan, choose);
  bindFilter(plan);

  plan.addEventListener("click", (event) => {
    const block = event.target.closest(".plan-block");
    if (!block) return;
    choose(block);
    if (!block.hasAttribute("data-moves") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.ask(block.href);
  });
  plan.addEventListener("focusin", (event) => {
    if (event.target.matches(".plan-block")) choose(event.target, { reveals: true });
  });

  const ask = () => {
    if (chosen()?.hasAttribute("data-moves")) dialog.ask(chosen().href);
    else if (chosen() && page.hasAttribute("data-changes")) showToast("Cette intervention a commencé : elle ne se déplace plus.");
  };
  const unfoldNext = () => {
    const days = [...plan.querySelectorAll(".fold-head")];
    const here = plan.querySelector(".plan-head .plan-hours");
    (days.find((day) => here?.compareDocumentPosition(day) & Node.DOCUMENT_POSITION_FOLLOWING) ?? days[0])?.click();
  };
  bindKeys({ m: ask, q: ask, e: unfoldNext, t: () => document.getElementById("today").click(), "Control+z": undo });
  bindKeys(
    {
      ArrowLeft: () => stepDays(-1) || step(-1, 0),
      ArrowRight: () => stepDays(1) || step(1, 0),
      ArrowUp: () => stepDays(-7) || step(0, -1),
      ArrowDown: () => stepDays(7) || step(0, 1),
    },
    { within: plan },
  );

  choose(plan.querySelector(".plan-block"), { focus: false });
  moveNow();
  window.setInterval(moveNow, 5_000);
  new ResizeObserver(() => { showSideways(); giveWay(); }).observe(plan);
  scrollToOpened(dialog);
  followOthers();
}

function scrollToOpened(dialog) {
  const block = document.getElementById(`visit-${page.dataset.opened ?? ""}`);
  if (!block) return;
  choose(block, { reveals: true });
  block.scrollIntoView({ block: "center", inline: "center" });
  if (block.hasAttribute("data-moves")) dialog.ask(block.href);
}

/* What others do */

function followOthers() {
  let timer = 0;
  follow({
    onChange: (kind) => {
      if (kind === "visit") timer ||= window.setTimeout(() => { timer = 0; if (!busy) refresh(); }, GATHER_MS);
    },
    onLive: (afterGap) => { if (afterGap) refresh(); },
    onStale: () => {},
  });
}

/* Around the grid */

// Drawn by the server at the moment it opens: what it counts is what there is.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-shows]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await call(link.href);
  if (!answer?.ok) return;
  const dialog = document.getElementById(link.dataset.shows);
  dialog.innerHTML = await answer.text();
  if (dialog.open) return;
  dialog.addEventListener("close", () => dialog.replaceChildren(), { once: true });
  dialog.showModal();
});

document.getElementById("travel")?.addEventListener("click", ({ currentTarget }) => {
  const on = currentTarget.getAttribute("aria-pressed") !== "true";
  currentTarget.setAttribute("aria-pressed", String(on));
  page.dataset.travel = on ? "on" : "off";
});
document.getElementById("undo-form")?.addEventListener("submit", (event) => { event.preventDefault(); undo(); });
