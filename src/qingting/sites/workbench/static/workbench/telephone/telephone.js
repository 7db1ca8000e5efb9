/** The telephone of the workbench: one page of this browser holds it, all of them show it. */
import "/static/js/toast.js";
import { STATES } from "/static/vendor/softphone.js";
import { ask } from "./api.js";
import { Checking } from "./checking.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { Sharing } from "./sharing.js";
import { stayDuring } from "./staying.js";

const place = document.getElementById("telephone");
let account = null;
let phone = null;

const panel = new Panel(place, { press: (command) => (sharing.holds ? phone.press(command) : sharing.press(command)) });
const sharing = new Sharing(`qingting-telephone-${place.dataset.me}`, {
  told: (snapshot) => panel.show(snapshot),
  pressed: (command) => phone.press(command),
});
const checking = new Checking(place, { changed: () => panel.press({ do: "devices" }), account: () => account });
panel.onIdle = () => checking.list();
panel.onClosed = () => checking.end();

async function freshAccount() {
  account = await ask(place.dataset.account, {});
  return account;
}

/** This page carries the voices from now on. */
async function begin() {
  await sharing.hold();
  phone = new Phone({
    account: freshAccount,
    told: (snapshot) => { sharing.tell(snapshot); panel.show(snapshot); },
  });
  stayDuring(() => phone.busy);
  await phone.begin();
}

if (navigator.locks && navigator.mediaDevices) begin();
else panel.show({ state: STATES.OFF, trouble: "insecure", why: "", call: null });

document.addEventListener("telephone-pick-up", () => panel.press({ do: "answer" }));
