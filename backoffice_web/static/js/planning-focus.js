/** One visit of the planning takes the keyboard; arrows go to its neighbours in time and in the rows. */

import { revealInLane } from "./planning-lane.js";
import { revealInRow } from "./planning-rows.js";

/** Return the visit that takes the keyboard. */
export function chosen() {
  return document.querySelector('.plan-block[tabindex="0"]');
}

/** Let this visit take the keyboard. */
export function choose(block, { focus = false, reveals = focus } = {}) {
  if (!block) return;
  if (reveals) {
    revealInLane(block);
    revealInRow(block);
  }
  const before = chosen();
  if (before && before !== block) before.tabIndex = -1;
  block.tabIndex = 0;
  if (focus) block.focus();
}

const middle = (block) => Date.parse(block.dataset.start) + Number(block.dataset.minutes) * 30_000;

/** Go to the next visit in the row (`across`), or to the nearest in time of another row (`down`). */
export function step(across, down) {
  const from = chosen();
  if (!from) return false;
  const next = across ? inRow(from, across) : inOtherRow(from, down);
  if (next) choose(next, { focus: true });
  return Boolean(next);
}

function inRow(from, across) {
  const row = [...from.closest(".plan-row").querySelectorAll(".plan-block")];
  row.sort((a, b) => Date.parse(a.dataset.start) - Date.parse(b.dataset.start));
  return row[row.indexOf(from) + across];
}

function inOtherRow(from, down) {
  let row = from.closest(".plan-row");
  while (row) {
    row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
    const blocks = [...(row?.querySelectorAll?.(".plan-block") ?? [])];
    blocks.sort((a, b) => Math.abs(middle(a) - middle(from)) - Math.abs(middle(b) - middle(from)));
    if (blocks.length) return blocks[0];
  }
  return null;
}
