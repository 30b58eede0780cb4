/** On a narrow screen a row is folded to its visit of now, or the next one; a button shows all of its day. */

const page = document.getElementById("planning");
const unfolded = new Set();

const ends = (block) => Date.parse(block.dataset.start) + Number(block.dataset.minutes) * 60_000;

/** Mark what each row shows while it is folded; a grid that was fetched anew is told again which are not. */
export function showRows(plan, now) {
  page.dataset.rows = "fold";
  for (const button of plan.querySelectorAll(".plan-fold")) {
    const row = document.getElementById(button.getAttribute("aria-controls"));
    const blocks = [...row.querySelectorAll(".plan-block")].sort((a, b) => ends(a) - ends(b));
    const shown = blocks.find((block) => ends(block) > now);
    for (const block of blocks) block.classList.toggle("at-now", block === shown);
    unfold(row, unfolded.has(row.id));
  }
}

function unfold(row, open) {
  row.classList.toggle("unfolded", open);
  row.querySelector(".plan-fold").setAttribute("aria-expanded", String(open));
  if (open) unfolded.add(row.id);
  else unfolded.delete(row.id);
}

/** Unfold the row of this visit, when it is one that folds. */
export function revealInRow(block) {
  const row = block.closest(".plan-row");
  if (row.querySelector(".plan-fold")) unfold(row, true);
}

/** Let the buttons act, whatever grid is there; `onUnfold` is told the first visit of a row that was unfolded. */
export function bindRows(plan, onUnfold) {
  plan.addEventListener("click", (event) => {
    const button = event.target.closest(".plan-fold");
    if (!button) return;
    const row = button.closest(".plan-row");
    unfold(row, !row.classList.contains("unfolded"));
    if (row.classList.contains("unfolded")) onUnfold(row.querySelector(".plan-block"));
  });
}
