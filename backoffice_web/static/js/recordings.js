/** A recording that is no WAV file, or a large one, is made a small one here, by the browser that can read it. */

const RATE = 16000;
const LONGEST_SECONDS = 20;
const LARGEST_AS_IT_IS = 10 * 1024 * 1024;
const LARGEST_BYTES = 64 * 1024 * 1024;
const WAV_TYPES = ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"];

for (const form of document.querySelectorAll("form[data-recording]"))
  form.addEventListener("submit", (event) => {
    const file = form.elements.sound.files[0];
    if (!file || (WAV_TYPES.includes(file.type) && file.size <= LARGEST_AS_IT_IS)) return;
    event.preventDefault();
    if (file.size > LARGEST_BYTES) refuse(form, form.dataset.tooLong);
    else convert(form, file);
  });

async function convert(form, file) {
  const button = form.querySelector("button");
  button.disabled = true;
  form.setAttribute("aria-busy", "true");
  try {
    const decoded = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer());
    if (decoded.duration > LONGEST_SECONDS) return refuse(form, form.dataset.tooLong);
    const converted = new DataTransfer();
    converted.items.add(new File([wav(decoded)], "phrase.wav", { type: "audio/wav" }));
    form.elements.sound.files = converted.files;
    form.submit();
  } catch {
    refuse(form, form.dataset.unreadable);
  } finally {
    form.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

function refuse(form, why) {
  form.querySelector(".error").textContent = why;
  form.elements.sound.setAttribute("aria-invalid", "true");
  form.elements.sound.focus();
}

/** One channel, 16 bits. */
function wav(decoded) {
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, at) => decoded.getChannelData(at));
  const file = new DataView(new ArrayBuffer(44 + 2 * decoded.length));
  const write = (at, letters) => [...letters].forEach((letter, by) => file.setUint8(at + by, letter.charCodeAt(0)));
  write(0, "RIFF");
  file.setUint32(4, 36 + 2 * decoded.length, true);
  write(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, RATE, true);
  file.setUint32(28, 2 * RATE, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  write(36, "data");
  file.setUint32(40, 2 * decoded.length, true);
  for (let at = 0; at < decoded.length; at += 1) {
    const mixed = channels.reduce((sum, channel) => sum + channel[at], 0) / channels.length;
    file.setInt16(44 + 2 * at, Math.round(32767 * Math.min(1, Math.max(-1, mixed))), true);
  }
  return file.buffer;
}
