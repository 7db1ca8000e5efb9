/** The shift leader in the duty room: one's own telephone rings and answers by itself, then one is in the call. */
import { refuse, toast } from "/static/js/toast.js";
import { ask, withId } from "./api.js";

const SAYS = { LISTEN: "正在接入监听……", WHISPER: "正在接入，只有坐席听得到您……", SPEAK: "正在加入通话……" };
const asked = new Set();

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

document.addEventListener("push:telephony-act-ended", ({ detail }) => {
  if (asked.delete(detail.ids.act) && detail.data.state === "REFUSED") refuse(detail.data.problem);
});
