/** The punches of a day, the attempts refused, the calls to give: new ones come by themselves; keys go from row to row. */

import "./choices.js";
import { bindKeys } from "./keys.js";
import { keepFresh } from "./live-list.js";

const journal = document.getElementById("journal");

keepFresh({
  list: journal,
  news: document.getElementById("news"),
  rows: ".punch-rows",
  kinds: ["punch", "refusal", "task"],
});

/* Row to row */

function step(by) {
  const rows = [...journal.querySelectorAll(".punch-row")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
}

bindKeys({
  j: () => step(1),
  k: () => step(-1),
  Enter: (event) => {
    if (!event.target.matches(".punch-row")) return false;
    event.target.querySelector("a.btn, button")?.click();
    return true;
  },
});
