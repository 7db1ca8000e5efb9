/** Calling back: one's own telephone rings and answers by itself, then the number is dialled, which nobody sees. */
import { refuse, toast } from "/static/js/toast.js";
import { ask } from "./api.js";

const place = document.getElementById("callbacks");
const asked = new Set();

place.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-call-back]");
  if (!button) return;
  button.disabled = true;
  try {
    asked.add((await ask(button.dataset.callBack, {})).id);
    toast("正在为您拨出，请听耳机。");
  } catch (error) {
    refuse(error.message, error.doNext);
    button.disabled = false;
  }
});

place.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-close-task]");
  if (!form) return;
  event.preventDefault();
  try {
    await ask(form.dataset.closeTask, Object.fromEntries(new FormData(form)));
    form.closest("li").remove();
    toast("已记下，不再回拨。");
  } catch (error) {
    refuse(error.message, error.doNext);
  }
});

document.addEventListener("push:telephony-act-ended", ({ detail }) => {
  if (!asked.delete(detail.ids.act) || detail.data.state !== "REFUSED") return;
  refuse(detail.data.problem, "结果已记在任务上。");
});
