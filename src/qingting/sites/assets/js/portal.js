/** Everything a seekers' page does by itself. Pages with a chat add their own modules after this. */
import "./once.js";
import "./quick_exit.js";
