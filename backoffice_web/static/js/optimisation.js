/** The curve of a run: a step, because it is the best so far. Drawn from the table beside it, whenever that changes. */

import uPlot from "../vendor/uplot/uplot.esm.js";

const place = document.getElementById("chart");
const HEIGHT = 220;
let chart = null;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Return [seconds, values] as the table has them. */
function read() {
  const rows = [...document.querySelectorAll("#points tbody tr")];
  return [rows.map((row) => Number(row.dataset.x)), rows.map((row) => Number(row.dataset.y))];
}

function draw() {
  const data = read();
  place.hidden = data[0].length < 2;
  if (place.hidden) return;
  if (chart) { chart.setData(data); return; }
  const axis = { stroke: token("--p-ink-2"), grid: { stroke: token("--p-line"), width: 1 }, ticks: { show: false }, font: `12px ${token("--p-face")}` };
  chart = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      cursor: { show: false },
      scales: { x: { time: false, range: (_self, _low, high) => [0, high] }, y: { range: (_self, low, high) => [Math.max(0, low - 5), high + 5] } },
      axes: [
        { ...axis, grid: { show: false }, values: (_self, values) => values.map((value) => `${value.toLocaleString("fr-FR")}\u00a0s`) },
        { ...axis, size: 44 },
      ],
      series: [{}, { stroke: token("--p-accent"), width: 2, fill: token("--p-accent-soft"), paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } }],
    },
    data,
    place,
  );
}

draw();
new ResizeObserver(() => chart?.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
document.addEventListener("htmx:afterSwap", draw);
