/** What this page's scripts say, in its reader's language: the server wrote it into the page; here it is filled in. */

/** The texts, by name: see `script_words.py`. */
export const words = JSON.parse(document.getElementById("words").textContent);

const plural = new Intl.PluralRules(document.documentElement.lang);

/** Return the text with its values in place of `%(name)s`. */
export function fill(/** @type {string} */ text, /** @type {Record<string, string|number>} */ values) {
  return text.replace(/%\((\w+)\)s/g, (_whole, name) => String(values[name]));
}

/** Return the form that agrees with the number. */
export function count(/** @type {Record<string, string>} */ forms, /** @type {number} */ number) {
  return fill(forms[plural.select(number)] ?? forms.other, { num: number });
}

/** Return « Arrivée », « Départ » or « Pointage ». */
export function edgeWord(/** @type {string|null} */ edge) {
  return words.edges[edge ?? "punch"];
}
