/** The right half of the board: the timeline or the map, as somebody last chose on this machine. */

import { pointAt, showMap } from "./board-map.js";

const CHOICE = "ponctuel.pane";
const side = document.querySelector(".board-side");
const OFF = "La carte ne s’affiche pas : le serveur ne répond pas. La liste reste à jour.";

/**
 * Bind the choice between timeline and map.
 * @param {{ fetchMarks: () => Promise<DocumentFragment|null>, onChosen: (visit: string) => void }} board
 * @returns {{ refresh: () => void, pointAt: (visit: string) => void }}
 */
export function bindPanes({ fetchMarks, onChosen }) {
  const isMap = () => side.dataset.pane === "map";

  const refresh = async () => {
    if (!isMap()) return;
    const piece = await fetchMarks();
    if (!piece) return;
    try {
      await showMap(piece, onChosen);
    } catch {
      document.getElementById("map-marks").textContent = OFF;
    }
  };

  const show = (pane) => {
    side.dataset.pane = pane;
    for (const choice of document.querySelectorAll("[data-pane-choice]"))
      if (choice.closest(".pane-choice")) choice.setAttribute("aria-pressed", String(choice.dataset.paneChoice === pane));
    refresh();
  };

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-pane-choice]");
    if (!choice) return;
    localStorage.setItem(CHOICE, choice.dataset.paneChoice);
    show(choice.dataset.paneChoice);
  });

  if (localStorage.getItem(CHOICE) === "map") show("map");
  return { refresh, pointAt: (visit) => { if (isMap()) pointAt(visit); } };
}
