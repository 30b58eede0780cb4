"""Taps: from the tag to the confirmation on a worker's screen, in Chromium.

Online means here the loopback, and where it says so a network that takes its time. Nobody is waited for:
where the tag opens a page, its button is pressed as soon as it is there.
"""

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import Page, sync_playwright

from simulators.nfc_card.ntag424 import Ntag424
from tests.backoffice_web.worker.front import phone, sign_in, worker_of
from tests.backoffice_web.worker.taps import read_address, stick_card
from tests.bench.arm import Line
from tests.bench.part import Measured, Scene
from tests.product import running_product
from tests.realtime.agency import Agency, settle_in

BOUND_MS = 1_000.0
VISITS = 12
SLOW_MS = 150
"""The way there and back on a mobile network."""

type Tap = Callable[[str], float]
"""Tap with what the tag says; return the milliseconds until the confirmation was on the screen."""

# Wait for the confirmation, until the screen has been drawn with it.
_CONFIRMED = """const confirmed = new Promise((done, failed) => {
  const answer = document.getElementById("answer");
  const see = () => {
    if (!answer.open) return;
    watch.disconnect();
    if (answer.dataset.outcome !== "stored") failed(new Error(answer.innerText));
    else requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  };
  const watch = new MutationObserver(see);
  watch.observe(answer, { attributes: true });
});
const shown = (what) => [...document.querySelectorAll(what)].find((one) => one.checkVisibility());
"""

_READ = f"""async (address) => {{ {_CONFIRMED}
  let read = 0;
  window.NDEFReader = class extends EventTarget {{
    async scan() {{
      const data = new DataView(new TextEncoder().encode(address).buffer);
      const reading = new Event("reading");
      reading.message = {{ records: [{{ recordType: "url", data }}] }};
      window.setTimeout(() => {{ read = performance.now(); this.dispatchEvent(reading); }}, 50);
    }}
  }};
  shown(".visit-card .way[data-way=nfc]").click();
  return (await confirmed) - read;
}}"""

# The page's clock begins when its address is opened, before it is sent on.
_OPENED = f"async () => {{ {_CONFIRMED} shown('.visit-card .press').click(); return confirmed; }}"


def measure(_scene: Scene) -> Measured:
    """Tap in each way, in the whole product; every tap must be stored."""
    with running_product() as product, tempfile.TemporaryDirectory() as folder:
        samples = _android(settle_in(product, 900), Path(folder))
    return Measured([line for way, found in samples.items() for line in _lines(way, found)], samples)


def _android(agency: Agency, folder: Path) -> dict[str, list[float]]:
    with sync_playwright() as playwright, phone(playwright, agency, folder / "android") as worker:
        page = sign_in(worker, worker_of(agency))
        tap_all = partial(_tap_all, agency, stick_card(agency))
        taps = {
            "étiquette lue par la page, Chromium": tap_all(partial(_read, page)),
            "adresse de l'étiquette, Chromium": tap_all(partial(_open, page)),
        }
        slow = worker.new_cdp_session(page)
        slow.send("Network.enable")
        rates = {"downloadThroughput": -1, "uploadThroughput": -1}
        slow.send("Network.emulateNetworkConditions", {"offline": False, "latency": SLOW_MS, **rates})
        way = f"étiquette lue par la page, réseau à {SLOW_MS} ms, Chromium"
        return taps | {way: tap_all(partial(_read, page))}


def _read(page: Page, address: str) -> float:
    page.goto("/moi")
    return float(page.evaluate(f"({_READ})({json.dumps(address)})"))


def _open(page: Page, address: str) -> float:
    page.goto(address)
    return float(page.evaluate(_OPENED))


def _tap_all(agency: Agency, card: Ntag424, tap: Tap) -> list[float]:
    found: list[float] = []
    for _ in range(VISITS):
        agency.plan_visit()
        found += [tap(read_address(card)), tap(read_address(card))]
    return found


def _lines(way: str, found: list[float]) -> list[Line]:
    cut = quantiles(found, n=100, method="inclusive")
    return [
        Line(f"geste → confirmation à l'écran {name}, {way}", ours, BOUND_MS, "ms", most=BOUND_MS)
        for name, ours in (("p50", cut[49]), ("p95", cut[94]))
    ]
