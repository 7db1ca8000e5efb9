/**
 * Into a call of somebody else's: a shift leader, or a colleague who was asked to listen. One's own telephone rings and
 * answers by itself, then one is in the call.
 */
import { refuse, toast } from "/static/js/toast.js";
import { ask, withId } from "./api.js";

const SAYS = { LISTEN: "正在接入监听……", WHISPER: "正在接入，只有坐席听得到您……", SPEAK: "正在加入通话……" };
const asked = new Set();
let then = null; // what is drawn anew once one is there

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-lead]");
  if (!button) return;
  try {
    const act = withId(document.getElementById("telephone").dataset.act, button.dataset.lead);
    asked.add((await ask(act, { kind: "MONITOR", mode: button.dataset.mode })).id);
    toast(SAYS[button.dataset.mode]);
  } catch (error) {
    refuse(error.message, error.doNext);
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-listen-in]");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    then = button.dataset.then ?? null;
    asked.add((await ask(button.dataset.listenIn, {})).id);
    toast(SAYS.LISTEN);
  } catch (error) {
    button.removeAttribute("aria-disabled");
    refuse(error.message, error.doNext);
  }
});

document.addEventListener("push:telephony-act-ended", ({ detail }) => {
  if (!asked.delete(detail.ids.act)) return;
  if (detail.data.state === "REFUSED") refuse(detail.data.problem);
  if (then) htmx.ajax("GET", location.pathname, { target: then, select: then, swap: "outerHTML" });
});
