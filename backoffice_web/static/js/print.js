/** A page made to be printed: its button opens the browser's print dialog. */

document.querySelector("[data-prints]").addEventListener("click", () => window.print());
