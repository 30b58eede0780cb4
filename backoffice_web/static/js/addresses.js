/** While a street is typed, known addresses are suggested; choosing one fills street, postal code and town. */

const WAIT_MS = 200;

for (const place of document.querySelectorAll("[data-address]")) {
  const [street, postcode, city] = ["street", "postal_code", "city"].map((name) => place.querySelector(`[name="${name}"]`));
  const list = place.querySelector("datalist");
  let timer = 0;

  street.addEventListener("input", () => {
    const chosen = [...list.options].find((option) => option.value === street.value);
    if (chosen) {
      street.value = chosen.dataset.street;
      postcode.value = chosen.dataset.postcode;
      city.value = chosen.dataset.city;
      list.replaceChildren();
      return;
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const typed = street.value;
      const answer = await fetch(`${place.dataset.address}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
      if (answer.ok && street.value === typed) list.innerHTML = await answer.text();
    }, WAIT_MS);
  });
}
