/** The alerts of the last days: raised, taken and closed ones show by themselves. */

import "./choices.js";
import { keepFresh } from "./live-list.js";

keepFresh({
  list: document.getElementById("alerts"),
  news: document.getElementById("news"),
  rows: "tbody",
  kinds: ["alert"],
});
