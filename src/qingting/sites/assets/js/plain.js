/** What a signed-out page does by itself. */
import "./csrf.js";
import "./theme.js";
import "./once.js";
