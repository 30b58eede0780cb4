/** The sign-in page: the password's eye, and the focus on what has to be taken up again. */

import { revealPasswords } from "./passwords.js";

revealPasswords();
document.querySelector(".error-summary")?.focus();
