/** On a narrow screen, where the rows are pages long, a few letters of a name leave only the rows that have them. */

const field = document.getElementById("row-filter");

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Hide the rows without what is typed; a grid that was fetched anew is told again. */
export function filterRows(plan) {
  if (!field) return;
  const typed = plain(field.value);
  let shown = 0;
  for (const row of plan.querySelectorAll(".plan-row")) {
    row.hidden = typed !== "" && !plain(row.getAttribute("aria-label")).includes(typed);
    if (!row.hidden) shown += 1;
  }
  document.getElementById("row-none").hidden = shown > 0;
}

/** Filter while somebody types. */
export function bindFilter(plan) {
  field?.addEventListener("input", () => filterRows(plan));
}
