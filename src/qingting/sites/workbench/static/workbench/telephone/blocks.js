/** Agreeing to a block, or lifting it. */
import { refuse, toast } from "/static/js/toast.js";
import { ask } from "./api.js";

const place = document.getElementById("blocks");

place.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-block-act]");
  if (!button) return;
  button.disabled = true;
  try {
    await ask(button.dataset.blockAct, {});
    toast("已生效。");
    htmx.ajax("GET", place.dataset.blocks, { target: place });
  } catch (error) {
    refuse(error.message, error.doNext);
    button.disabled = false;
  }
});
