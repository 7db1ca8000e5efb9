/** Words that stand ready beside a talk are sent by one press (`data-say`), once each. */
import { refuse } from "/static/js/toast.js";

/** @param {() => Thread | null} talking the talk they go into; nothing where it is over or somebody else's. */
export function sayWhatIsFound(talking) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-say]");
    if (!button) return;
    const thread = talking();
    if (!thread) return refuse("这次会话已经结束，发不出去了。", "可以在电话里念给对方听，或写进登记。");
    thread.say(button.dataset.say);
    button.disabled = true;
    button.textContent = "已发给对方";
  });
}
