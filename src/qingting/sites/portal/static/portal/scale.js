/** A scale worked out on the page itself: nothing is sent, and it works without network. */

const form = document.querySelector("[data-scale]");
const items = [...form.querySelectorAll("[data-item]")];
const part = (name) => form.querySelector(`[data-${name}]`);
const danger = Number(form.dataset.danger);
const answerTo = (number) => form.elements[`q${number}`]?.value ?? "";

function showDanger() {
  if (danger) part("danger-words").hidden = !(Number(answerTo(danger)) > 0);
}

function showResult() {
  const answers = items.map((item) => answerTo(item.dataset.item));
  const missing = answers.findIndex((answer) => answer === "");
  part("missing").hidden = missing < 0;
  if (missing >= 0) {
    items[missing].querySelector("input").focus();
    return;
  }
  const sum = answers.reduce((all, answer) => all + Number(answer), 0);
  const bands = [...form.querySelectorAll("[data-band]")];
  const band = bands.find((each) => sum <= Number(each.dataset.band));
  const inDanger = danger > 0 && Number(answers[danger - 1]) > 0;
  bands.forEach((each) => (each.hidden = inDanger || each !== band)); // "not so bad" is no word for whoever thinks of dying
  if (danger) part("danger-result").hidden = !inDanger;
  part("sum").textContent = sum;
  part("offer-words").hidden = !(inDanger || sum >= Number(form.dataset.offer));
  part("result").hidden = false;
  part("result").focus();
  part("result").scrollIntoView({ block: "start" });
}

form.addEventListener("change", () => {
  showDanger();
  part("result").hidden = true; // an answer was changed: the old result no longer holds
});
form.noValidate = true;
form.addEventListener("submit", (event) => {
  if (event.submitter?.matches("[data-take-along]")) return; // wished: it goes to a counsellor
  event.preventDefault();
  showResult();
});
showDanger();
