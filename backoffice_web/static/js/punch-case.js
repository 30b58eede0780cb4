/** One punch: keys go from one proposed visit to the next, link it, open the rejection, lead back to the list. */

import { bindKeys } from "./keys.js";

function step(by) {
  const choices = [...document.querySelectorAll(".link-choice")];
  const at = choices.findIndex((one) => one.contains(document.activeElement));
  choices[at < 0 ? 0 : Math.min(Math.max(at + by, 0), choices.length - 1)]?.focus();
}

bindKeys({
  j: () => step(1),
  k: () => step(-1),
  Enter: (event) => {
    if (!event.target.matches(".link-choice")) return false;
    event.target.querySelector("button")?.click();
    return true;
  },
  r: () => {
    const reject = document.getElementById("reject");
    if (!reject) return false;
    reject.open = true;
    reject.querySelector("input[type=radio]").focus();
    return true;
  },
  Escape: () => document.getElementById("back").click(),
});

if (document.querySelector("#reject[open]")) document.querySelector("#reject input[type=radio]").focus();
