/**
 * « Déplacer… »: the same act as a drag, by keyboard. The server draws it, with who can and what it breaks; a
 * refused drag opens it too, with the reasons on top.
 */

/**
 * @param {{ call: Function, told: (outcome: object) => Promise<void> }} ports
 * @returns {{ ask: (address: string) => Promise<void>, tryMove: (visit: HTMLElement, fields: object) => Promise<void> }}
 */
export function bindDialog({ call, told }) {
  const dialog = document.getElementById("move");

  /** Show a piece of the server in the dialog. */
  function show(html) {
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector(".refusal, .error-summary") ?? dialog.querySelector('input[name="worker"]:checked');
    first?.focus();
    first?.closest(".candidate")?.scrollIntoView({ block: "center" });
  }

  async function ask(address) {
    const answer = await call(address);
    if (answer?.ok) show(await answer.text());
  }

  async function send(address, body) {
    const answer = await call(address, { body });
    if (!answer) return;
    if (answer.status === 422 && answer.headers.get("Content-Type").startsWith("text/html")) {
      const html = await answer.text();
      if (html) show(html);
      return;
    }
    if (!answer.ok) return;
    dialog.close();
    await told(await answer.json());
  }

  dialog.addEventListener("close", () => dialog.replaceChildren());

  dialog.addEventListener("submit", (event) => {
    if (!event.target.matches(".move-form")) return;
    event.preventDefault();
    send(event.target.action, new FormData(event.target, event.submitter));
  });

  // The next hour that is still to come, instead of one that has gone by.
  dialog.addEventListener("click", (event) => {
    const again = event.target.closest("[data-asks-again]");
    if (!again) return;
    event.preventDefault();
    ask(again.href);
  });

  // Another day or hour: who can is asked again, with the same choice.
  dialog.addEventListener("change", (event) => {
    if (!event.target.matches('[name="day"], [name="at"]') || !event.target.value) return;
    const form = event.target.form;
    const asked = new URLSearchParams(new FormData(form));
    const back = event.target.name;
    ask(`${form.dataset.asks}?${new URLSearchParams({ day: asked.get("day"), at: asked.get("at"), worker: asked.get("worker") })}`)
      .then(() => dialog.querySelector(`[name="${back}"]`)?.focus());
  });

  dialog.addEventListener("input", (event) => {
    if (event.target.id !== "who-filter") return;
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const typed = plain(event.target.value.trim());
    for (const candidate of dialog.querySelectorAll(".candidate"))
      candidate.hidden = !plain(candidate.dataset.name).includes(typed);
  });

  return {
    ask,
    tryMove: (visit, { worker, day, at }) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ worker, day, at, revision: visit.dataset.revision })) body.set(name, value);
      return send(visit.href, body);
    },
  };
}
