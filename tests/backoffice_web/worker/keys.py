"""What a telephone's page keeps in IndexedDB to sign with, and what the agency found wrong in it."""

from tests.realtime.agency import Agency

STORE = """
  const done = (asked) => new Promise((found, failed) => {
    asked.onsuccess = () => found(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const store = await done(indexedDB.open("ponctuel"));
"""

KEYS = f"""async () => {{ {STORE}
  const keys = await done(store.transaction("keys").objectStore("keys").getAll());
  store.close();
  const escapes = (key) => crypto.subtle.exportKey("pkcs8", key).then(() => true, () => false);
  return Promise.all(keys.map(async (key) => ({{
    phone: key.phone, enrolled: key.enrolled, number: key.number, escapes: await escapes(key.privateKey),
  }})));
}}"""

SEALED = f"""async () => {{ {STORE}
  const waiting = await done(store.transaction("waiting").objectStore("waiting").getAll());
  store.close();
  return waiting.map((punch) => Boolean(punch.sealed?.signature));
}}"""


def flags(agency: Agency) -> list[list[str]]:
    """Return what was flagged in each entry, by number."""
    with agency.connect() as conn:
        rows = conn.execute("SELECT flags FROM phone_entries ORDER BY number").fetchall()
    return [row[0] for row in rows]
