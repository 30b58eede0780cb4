/** Reading a home's printed code with the camera, or its tag with Web NFC. Both give a token, or the wish to do without. */
/* A tag that proves itself adds its message of this tap (`sun`), which the agency checks. */

import { loadScript } from "../scripts.js";
import { READER } from "./page.js";
import { words } from "./words.js";

const BETWEEN_LOOKS_MS = 120;
const SUN = /^\?([A-Za-z0-9=&]{1,128})$/;

/** @typedef {{ channel: "qr"|"nfc"|"code", token: string, sun?: string } | "without" | null} Reading */

/** Return what an address on a label or tag names: `…/moi/pointer?qr=TOKEN`, `…?etiquette=TOKEN`, `…?borne=CODE`, `…/t/TOKEN`. */
export function readAddress(text) {
  let address;
  try {
    address = new URL(text);
  } catch {
    return null;
  }
  const asked = address.searchParams;
  if (address.pathname === "/moi/pointer" && asked.get("qr")) return { channel: "qr", token: asked.get("qr") };
  if (address.pathname === "/moi/pointer" && asked.get("etiquette")) return { channel: "nfc", token: asked.get("etiquette"), sun: asked.get("preuve") ?? undefined };
  if (address.pathname === "/moi/pointer" && asked.get("borne")) return { channel: "code", token: asked.get("borne") };
  const tag = /^\/t\/([^/]+)$/.exec(address.pathname);
  return tag ? { channel: "nfc", token: decodeURIComponent(tag[1]), sun: SUN.exec(address.search)?.[1] } : null;
}

/** Open a reader's dialog; `start(found, note)` looks until `found` is called or the signal ends. */
function open(dialog, start) {
  const note = dialog.querySelector(".reader-note");
  const ending = new AbortController();
  note.textContent = "";
  dialog.showModal();
  return new Promise((resolve) => {
    let reading = /** @type {Reading} */ (null);
    const found = (value) => { reading = value; dialog.close(); };
    dialog.addEventListener("close", () => { ending.abort(); resolve(reading); }, { once: true });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close(), { signal: ending.signal });
    dialog.querySelector("[data-instead]").addEventListener("click", () => found("without"), { signal: ending.signal });
    start(found, (text) => { note.textContent = text; }, ending.signal);
  });
}

/* The camera */

/** Return a detector of square codes: the browser's, or ours, whose WebAssembly comes from our own site. */
async function makeDetector() {
  if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code"))
    return new window.BarcodeDetector({ formats: ["qr_code"] });
  await loadScript(READER.script);
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  prepareZXingModule({ overrides: { locateFile: () => READER.core } });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

async function look(dialog, found, say, signal) {
  const video = dialog.querySelector("video");
  let stream = null;
  signal.addEventListener("abort", () => stream?.getTracks().forEach((track) => track.stop()));
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    const detector = await makeDetector();
    while (!signal.aborted) {
      for (const { rawValue } of await detector.detect(video)) {
        const read = readAddress(rawValue);
        if (read) { navigator.vibrate?.(60); found(read); return; }
        say(words.camera.foreign);
      }
      await new Promise((resolve) => { window.setTimeout(resolve, BETWEEN_LOOKS_MS); });
    }
  } catch (error) {
    if (!signal.aborted) say(words.camera[error.name] ?? words.camera.silent);
  } finally {
    stream?.getTracks().forEach((track) => track.stop());
  }
}

/** Read a printed code. @returns {Promise<Reading>} */
export function readCode() {
  const dialog = document.getElementById("camera");
  return open(dialog, (found, say, signal) => { look(dialog, found, say, signal); });
}

/* The tag */

async function listen(found, say, signal) {
  if (!("NDEFReader" in window)) { say(words.tag.byThePhone); return; }
  const reader = new window.NDEFReader();
  reader.addEventListener("reading", ({ message }) => {
    for (const record of message.records) {
      const read = ["url", "absolute-url"].includes(record.recordType) ? readAddress(new TextDecoder().decode(record.data)) : null;
      if (read) { found(read); return; }
    }
    say(words.tag.foreign);
  });
  reader.addEventListener("readingerror", () => say(words.tag.misread));
  try {
    await reader.scan({ signal });
    say(words.tag.approach);
  } catch (error) {
    if (!signal.aborted) say(words.tag[error.name] ?? words.tag.byThePhone);
  }
}

/** Read a tag. @returns {Promise<Reading>} */
export function readTag() {
  return open(document.getElementById("tag"), listen);
}
