/** What nobody has: a few levels stay in sight; a button shows all of them, and so does the keyboard. */

const page = document.getElementById("planning");

/** Fold the lane or show all of it; a grid that was fetched anew is told again. */
export function showLane(unfolded = page.dataset.lane === "unfolded") {
  page.dataset.lane = unfolded ? "unfolded" : "folded";
  const more = document.getElementById("open-more");
  if (!more) return;
  more.hidden = false;
  more.setAttribute("aria-expanded", String(unfolded));
  more.textContent = unfolded ? more.dataset.fewer : more.dataset.more;
  if (!unfolded) document.getElementById("row-0").scrollTop = 0;
}

/** Show all of the lane when this visit of it is out of sight. */
export function revealInLane(block) {
  if (block.classList.contains("below") && page.dataset.lane === "folded") showLane(true);
}

/** Let the button act, whatever grid is there. */
export function bindLane(plan) {
  plan.addEventListener("click", (event) => {
    if (event.target.id === "open-more") showLane(page.dataset.lane !== "unfolded");
  });
  showLane(false);
}
