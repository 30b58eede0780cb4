/** A choice that changes the whole page sends its form at once; without scripts its button does. */

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
