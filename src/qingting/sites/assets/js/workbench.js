/** Everything a page of the workbench does by itself. A page with a behaviour of its own adds one module after this. */
import "./csrf.js";
import "./toast.js";
import "./dialog.js";
import "./keep.js";
import "./theme.js";
import "./keyboard.js";
import "./clock.js";
import "./drafts.js";
import "./once.js";
import "./push.js";
