/**
 * Dragging a visit to another worker, or to another hour. Changing the worker keeps the hour unless Alt is held;
 * in its own row a visit slides by five minutes. While it is held every row says its verdict, the row under the
 * pointer lists what would break, and Escape lets go. Dropping asks the server, which decides.
 */

const STARTS_AFTER_PX = 6;
const SNAP_MINUTES = 5;
const ASK_AGAIN_MS = 160;
const ICONS = { best: "check", possible: "check", exceeds: "alert-triangle", blocked: "x" };

const paris = new Intl.DateTimeFormat("fr-CA", { timeZone: "Europe/Paris", dateStyle: "short" });
const hour = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit" });

export function bindDrag({ plan, call, hold, drop }) {
  const card = document.getElementById("trial");
  let drag = null;

  plan.addEventListener("pointerdown", (event) => {
    const block = event.target.closest(".plan-block[data-moves]");
    if (!block || event.button !== 0 || event.pointerType === "touch") return;
    const { left } = block.getBoundingClientRect();
    drag = { block, x: event.clientX, y: event.clientY, grip: event.clientX - left, on: false, row: null, start: Date.parse(block.dataset.start) };
  });

  window.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.on && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < STARTS_AFTER_PX) return;
    if (!drag.on) begin();
    follow(event);
  });

  window.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { on, row, start, block } = drag;
    if (on) follow(event);
    const goes = on && row && (row.dataset.worker !== block.dataset.worker || start !== Date.parse(block.dataset.start));
    end();
    if (!on) return;
    swallowClick();
    if (goes) drop(block, { worker: row.dataset.worker, day: paris.format(start), at: hour.format(start) });
  });

  window.addEventListener("keydown", (event) => {
    if (drag?.on && event.key === "Escape") { event.preventDefault(); end(); swallowClick(); }
  });
  plan.addEventListener("dragstart", (event) => event.preventDefault());

  function begin() {
    drag.on = true;
    hold(true);
    drag.block.classList.add("held");
    plan.classList.add("dragging");
    drag.ghost = document.createElement("div");
    drag.ghost.className = "drag-ghost";
    const name = document.createElement("span");
    name.textContent = drag.block.querySelector(".name").textContent;
    drag.ghost.append(name, document.createElement("time"));
    document.body.append(drag.ghost);
    askRows();
  }

  function follow(event) {
    const { ghost, block } = drag;
    ghost.style.left = `${event.clientX + 14}px`;
    ghost.style.top = `${event.clientY - 16}px`;
    const row = document.elementsFromPoint(event.clientX, event.clientY).find((e) => e.matches?.(".plan-row")) ?? null;
    const before = Date.parse(block.dataset.start);
    const slides = row && (event.altKey || row.dataset.worker === block.dataset.worker);
    const start = slides ? startAt(row, event.clientX - drag.grip) : before;
    const end_ = start + Number(block.dataset.minutes) * 60_000;
    ghost.querySelector("time").textContent = `${hour.format(start)} – ${hour.format(end_)}`;
    scrollAtEdges(event);
    if (row === drag.row && start === drag.start) return;
    drag.row?.classList.remove("over");
    row?.classList.add("over");
    if (start !== drag.start) { drag.start = start; askRows(); }
    drag.row = row;
    askRow(event);
  }

  /** The start, to five minutes, of a block whose left edge is at x. */
  function startAt(row, x) {
    const grid = plan.querySelector(".plan-grid");
    const track = row.querySelector(".plan-track").getBoundingClientRect();
    const hours = Number(getComputedStyle(grid).getPropertyValue("--hours"));
    const minutes = Math.round((((x - track.left) / track.width) * hours * 60) / SNAP_MINUTES) * SNAP_MINUTES;
    return Date.parse(grid.dataset.starts) + Math.min(Math.max(minutes, 0), hours * 60 - SNAP_MINUTES) * 60_000;
  }

  const asked = () => new URLSearchParams({ day: paris.format(drag.start), at: hour.format(drag.start) });

  /** Every row says its verdict, and shows where the visit would stand. */
  function askRows() {
    window.clearTimeout(drag.rowsTimer);
    const mine = drag;
    drag.rowsTimer = window.setTimeout(async () => {
      const answer = await call(`${visitAddress(mine.block)}/essais?${asked()}`);
      if (!answer?.ok || drag !== mine) return;
      showVerdicts(await answer.json());
    }, ASK_AGAIN_MS / 2);
  }

  function showVerdicts(verdicts) {
    const grid = plan.querySelector(".plan-grid");
    const from = (drag.start - Date.parse(grid.dataset.starts)) / 3_600_000;
    for (const row of plan.querySelectorAll(".plan-row")) {
      const verdict = verdicts[row.dataset.worker];
      row.querySelector(".plan-slot")?.remove();
      if (!verdict) continue;
      row.dataset.level = verdict.level;
      row.querySelector(".verdict").replaceChildren(icon(ICONS[verdict.level]), verdict.word);
      const slot = document.createElement("i");
      slot.className = "plan-slot";
      slot.style.setProperty("--from", from);
      slot.style.setProperty("--to", from + drag.block.dataset.minutes / 60);
      row.querySelector(".plan-track").append(slot);
    }
  }

  /** The row under the pointer says everything. */
  function askRow(event) {
    window.clearTimeout(drag.rowTimer);
    card.hidden = true;
    const { row } = drag;
    if (!row || row.dataset.worker === "0") return;
    const mine = drag;
    const { clientX, clientY } = event;
    drag.rowTimer = window.setTimeout(async () => {
      const answer = await call(`${visitAddress(mine.block)}/essai?${asked()}&worker=${row.dataset.worker}`);
      if (!answer?.ok || drag !== mine || drag.row !== row) return;
      card.innerHTML = await answer.text();
      card.hidden = !card.childElementCount;
      place(clientX, clientY);
    }, ASK_AGAIN_MS);
  }

  /** Beside the pointer, below it when there is room: the row itself stays visible. */
  function place(x, y) {
    const { width, height } = card.getBoundingClientRect();
    card.style.left = `${Math.max(8, Math.min(x + 24, window.innerWidth - width - 12))}px`;
    card.style.top = `${y + 32 + height < window.innerHeight ? y + 32 : Math.max(8, y - height - 32)}px`;
  }

  function scrollAtEdges({ clientY }) {
    const { top, bottom } = plan.getBoundingClientRect();
    if (clientY > bottom - 40) plan.scrollTop += 14;
    else if (clientY < top + 120) plan.scrollTop -= 14;
  }

  function end() {
    window.clearTimeout(drag.rowsTimer);
    window.clearTimeout(drag.rowTimer);
    drag.ghost?.remove();
    drag.block.classList.remove("held");
    plan.classList.remove("dragging");
    for (const row of plan.querySelectorAll(".plan-row")) {
      row.classList.remove("over");
      row.removeAttribute("data-level");
      row.querySelector(".plan-slot")?.remove();
    }
    card.hidden = true;
    drag = null;
    hold(false);
  }
}

/** The click that ends a drag opens nothing. */
function swallowClick() {
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  window.addEventListener("click", swallow, { capture: true, once: true });
  window.setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}

const visitAddress = (block) => `/planning/interventions/${block.dataset.visit}`;

/** An icon of the sprite that the page already uses. */
function icon(name) {
  const sprite = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.classList.add("icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
