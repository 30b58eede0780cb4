/**
 * The day on a map: Leaflet over our own tiles, one mark per home, in the shapes of the status vocabulary. The
 * mouse reaches the marks; the keyboard has the list, and choosing a row there shows its mark here.
 */

import { loadScript } from "./scripts.js";

const holder = document.getElementById("map");
const MARK_PX = 30;
const CLOSEST = 16;
const MARGIN_PX = [28, 28];

let map = null;
let layer = null;
let marks = new Map();
let fitted = false;

/** Return what lies under the marks: vector tiles of one file, or pictures of an address with {z}, {x}, {y}. */
function ground() {
  const { tiles, credit } = holder.dataset;
  return tiles.includes("{z}")
    ? window.L.tileLayer(tiles, { attribution: credit, maxZoom: CLOSEST + 2 })
    : window.protomapsL.leafletLayer({ url: tiles, flavor: "light", lang: "fr", attribution: credit, maxDataZoom: 15 });
}

async function build(onChosen) {
  await loadScript(holder.dataset.leaflet);
  await loadScript(holder.dataset.painter);
  const { L } = window;
  map = L.map(holder, { zoomControl: false, zoomSnap: 0.5, maxZoom: CLOSEST + 2 }).setView([46.5, 2.5], 6);
  L.control.zoom({ zoomInTitle: "Rapprocher", zoomOutTitle: "Éloigner" }).addTo(map);
  map.attributionControl.setPrefix(false);
  ground().addTo(map);
  layer = L.layerGroup().addTo(map);
  holder.addEventListener("click", (event) => {
    const mark = event.target.closest(".map-mark");
    if (mark) onChosen(mark.dataset.visit);
  });
}

function draw(list) {
  const { L } = window;
  layer.clearLayers();
  marks = new Map();
  [...list.children].forEach((item, rank) => {
    const { visit, status, lat, lon } = item.dataset;
    const words = item.querySelector(".mark-words");
    words.remove();
    const icon = L.divIcon({ className: "map-mark", html: item.innerHTML, iconSize: [MARK_PX, MARK_PX] });
    const marker = L.marker([Number(lat), Number(lon)], { icon, keyboard: false, zIndexOffset: rank * 100 });
    marker.bindTooltip(words, { direction: "top", offset: [0, -MARK_PX / 2], className: "map-words" }).addTo(layer);
    Object.assign(marker.getElement().dataset, { visit, status });
    marks.set(visit, marker);
  });
  if (fitted || !marks.size) return;
  fitted = true;
  map.fitBounds(L.latLngBounds([...marks.values()].map((marker) => marker.getLatLng())), { padding: MARGIN_PX, maxZoom: CLOSEST, animate: false });
}

/**
 * Show the map, or what has changed on it.
 * @param {DocumentFragment} piece what `/tableau/carte` answers
 * @param {(visit: string) => void} onChosen called when a mark is pressed
 */
export async function showMap(piece, onChosen) {
  if (!map) await build(onChosen);
  map.invalidateSize({ animate: false });
  draw(piece.getElementById("marks"));
  document.getElementById("map-marks").replaceChildren(...(piece.querySelector(".map-note") ? [piece.querySelector(".map-note")] : []));
}

/** Point at a visit's home, when it has a mark. */
export function pointAt(visit) {
  const marker = marks.get(String(visit));
  for (const other of holder.querySelectorAll(".map-mark.chosen")) other.classList.remove("chosen");
  if (!marker) return;
  marker.getElement().classList.add("chosen");
  if (!map.getBounds().pad(-0.1).contains(marker.getLatLng())) map.panTo(marker.getLatLng());
  for (const other of marks.values()) if (other !== marker) other.closeTooltip();
  marker.openTooltip();
}
