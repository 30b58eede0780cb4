/** The wall does not scroll: a row that has no room is left out and counted. The fullest list gives way first. */

/** Show what each column has room for; every list that has a row keeps one. */
export function fit(content) {
  for (const column of content.querySelectorAll(".wall-body > section")) {
    const lists = [...column.querySelectorAll(".wall-list")].map(
      (list) => ({ list, rows: [...list.querySelectorAll(".wall-row, tr")] }));
    for (const { rows } of lists) for (const row of rows) row.hidden = false;
    count(lists);
    while (column.scrollHeight > column.clientHeight && leaveOut(lists)) count(lists);
  }
}

const shown = ({ rows }) => rows.filter((row) => !row.hidden);

/** Leave out the last row of the fullest list, of the lower one when two are; false when none can give way. */
function leaveOut(lists) {
  const fullest = lists.reduce((best, one) => (shown(one).length >= shown(best).length ? one : best));
  if (shown(fullest).length < 2) return false;
  shown(fullest).at(-1).hidden = true;
  return true;
}

function count(lists) {
  for (const { list, rows } of lists) {
    const others = list.querySelector(".wall-others");
    if (!others) continue;
    const beyond = Number(others.dataset.beyond) + rows.length - shown({ rows }).length;
    others.hidden = beyond === 0;
    others.querySelector("span").textContent = String(beyond);
  }
}
