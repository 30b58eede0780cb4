/**
 * New lateness, and alerts that nobody took in time, are spoken to screen readers; nothing else is. A short sound
 * follows when it was switched on.
 */

const CHOICE = "ponctuel.board-sound";
let known = null;

/** Return what can be said of the list, once each: who is late, whose alert escalated. */
function sentences(list) {
  return new Set([...list.querySelectorAll('.visit-row[data-status="late"]')].flatMap((row) => {
    const client = row.querySelector(".client").textContent;
    const late = `${client} : en retard`;
    return row.querySelector(".escalated") ? [late, `${client} : alerte escaladée`] : [late];
  }));
}

/** Say what is new since the last time. `piece` is the list as it now is. */
export function announceLateness(piece) {
  const said = sentences(piece);
  const fresh = known === null ? [] : [...said].filter((sentence) => !known.has(sentence));
  known = said;
  if (!fresh.length) return;
  document.getElementById("spoken").textContent = fresh.join(", ");
  if (localStorage.getItem(CHOICE)) beep();
}

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.4);
  tone.onended = () => audio.close();
}

/** The sound is off until somebody switches it on, on this machine. */
export function bindSound() {
  const button = document.getElementById("sound");
  if (!button) return;
  const show = () => {
    const on = localStorage.getItem(CHOICE) !== null;
    button.setAttribute("aria-pressed", String(on));
    button.querySelector(".word").textContent = on ? "Son activé" : "Son coupé";
    button.querySelector(".sound-on").hidden = !on;
    button.querySelector(".sound-off").hidden = on;
  };
  button.addEventListener("click", () => {
    if (localStorage.getItem(CHOICE)) localStorage.removeItem(CHOICE);
    else { localStorage.setItem(CHOICE, "1"); beep(); }
    show();
  });
  known = sentences(document);
  show();
}
