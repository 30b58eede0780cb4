/** The calendar of a month by keyboard: arrows go from day to day and from week to week. */

/** Go `days` further from the day that has the focus; tell whether there was one. */
export function stepDays(days) {
  const from = document.activeElement?.closest?.(".month-day");
  if (!from) return false;
  const every = [...document.querySelectorAll(".month-day")];
  every[every.indexOf(from) + days]?.focus();
  return true;
}
