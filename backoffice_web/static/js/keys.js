/**
 * The keyboard map. Single keys do nothing while something is typed or a dialog is open, and can be switched
 * off on this machine (WCAG 2.1.4); keys with Ctrl stay.
 */

const OFF = "ponctuel.single-keys-off";

/** Whether the key would be typed into something, or acts on what is open. */
function isBusy(target) {
  return target.isContentEditable || target.closest("input, textarea, select, dialog[open]") !== null;
}

/** Name a key press: `a`, `?`, `Enter`, `Control+k`. */
export function nameOf(event) {
  const control = event.ctrlKey || event.metaKey ? "Control+" : "";
  const alt = event.altKey ? "Alt+" : "";
  return control + alt + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/** Whether single keys act on this machine. */
export function singleKeysAct() {
  return localStorage.getItem(OFF) === null;
}

/** Call `acts[name]` when the key is pressed; an act returning false lets the browser go on. */
export function bindKeys(acts, { within = document } = {}) {
  within.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    const act = acts[name];
    if (!act || event.defaultPrevented) return;
    const single = !name.startsWith("Control+");
    if (single && (isBusy(event.target) || !singleKeysAct())) return;
    if (act(event) !== false) event.preventDefault();
  });
}

const choice = document.getElementById("single-keys");
if (choice) {
  choice.checked = singleKeysAct();
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}
