/** New lateness, and only that, is spoken to screen readers; a short sound follows when it was switched on. */

const CHOICE = "ponctuel.board-sound";
let known = null;

/** Say which visits became late since the last time. `piece` is the list as it now is. */
export function announceLateness(piece) {
  const late = new Map(
    [...piece.querySelectorAll('.visit-row[data-status="late"]')].map((row) => [row.id, row]),
  );
  const fresh = known === null ? [] : [...late].filter(([id]) => !known.has(id)).map(([, row]) => row);
  known = new Set(late.keys());
  if (!fresh.length) return;
  document.getElementById("spoken").textContent = fresh
    .map((row) => `${row.querySelector(".client").textContent} : en retard`)
    .join(", ");
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
  known = new Set([...document.querySelectorAll('.visit-row[data-status="late"]')].map((row) => row.id));
  show();
}
