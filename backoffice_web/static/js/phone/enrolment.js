/** The page that an invitation opens: the press makes this phone's key and sends its public half with the form. */

import { keyOf, proofOf } from "./key.js";
import store from "./store.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("enrolment"));
const button = form.querySelector("button");
const worker = Number(form.dataset.worker);

button.disabled = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  const key = await keyOf(worker);
  if (!key) {
    const note = document.getElementById("enrolment-note");
    note.textContent = note.dataset.unkept;
    return;
  }
  form.elements["public_key"].value = key.publicKey;
  form.elements["proof"].value = await proofOf(key);
  await store.keys.update(worker, { enrolled: false });
  form.submit();
});
