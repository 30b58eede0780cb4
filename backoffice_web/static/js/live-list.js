/**
 * A list of the server's that follows what happens. It is fetched anew after a change, but no row moves under the
 * pointer or the focus, nor while a voice is heard: then a note says that there is something new.
 */

import { follow } from "./live.js";

const GATHER_MS = 800;

/**
 * Keep `list` (its `data-address` says where it comes from) as it is on the server.
 * @param {{ list: HTMLElement, news: HTMLElement, rows: string, kinds: string[] }} what
 *        `rows` selects what must not move, `kinds` are the changes that concern the list.
 */
export function keepFresh({ list, news, rows, kinds }) {
  let waiting = 0;
  let timer = 0;

  async function refresh() {
    const answer = await fetch(list.dataset.address, { headers: { "HX-Request": "true" } });
    if (answer.status === 401) window.location.reload();
    if (!answer.ok) return;
    const unfolded = [...list.querySelectorAll("details[id][open]")].map((one) => one.id);
    list.innerHTML = await answer.text();
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    waiting = 0;
    news.hidden = true;
  }

  function refreshUnlessHeld() {
    timer = 0;
    const pointed = [...list.querySelectorAll(rows)].some((one) => one.matches(":hover"));
    const heard = [...list.querySelectorAll("audio")].some((one) => !one.paused);
    if (!pointed && !heard && !list.contains(document.activeElement)) { refresh(); return; }
    news.hidden = false;
    news.querySelector("span").textContent = waiting > 1 ? `${waiting} nouveautés` : "1 nouveauté";
  }

  follow({
    onChange: (kind) => {
      if (!kinds.includes(kind)) return;
      waiting += 1;
      timer ||= window.setTimeout(refreshUnlessHeld, GATHER_MS);
    },
    onLive: (afterGap) => { if (afterGap) refresh(); },
    onStale: () => {},
  });
  news.addEventListener("click", refresh);
}
