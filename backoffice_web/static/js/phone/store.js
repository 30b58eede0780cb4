/** What this phone keeps in IndexedDB: the punches, and what it needs to sign them. */

import Dexie from "../../vendor/dexie/dexie.min.mjs";

const store = new Dexie("ponctuel");
store.version(1).stores({ waiting: "++order, &key, worker", refused: "key, worker, at" });
store.version(2).stores({ keys: "worker", notes: "name" });

export default store;

/** Return a note of this phone, or what is given when there is none. */
export async function readNote(name, otherwise) {
  const note = await store.notes.get(name);
  return note === undefined ? otherwise : note.value;
}

/** Write a note down. */
export async function writeNote(name, value) {
  await store.notes.put({ name, value });
}
