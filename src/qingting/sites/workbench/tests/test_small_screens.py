# ruff: noqa: F811
"""On a phone nothing lies over what somebody must reach while a person needs them."""

import pytest
from django.urls import reverse

from qingting.sites.workbench.tests.test_in_browser import browser, opened, site  # noqa: F401

pytestmark = pytest.mark.journey

# The panel as it stands in a talk, with the record open beside it: the telephone itself needs no part in this.
IN_A_TALK = """() => {
  const drawn = document.getElementById("telephone");
  const panel = drawn.cloneNode(true);  // which the page's own script does not draw anew meanwhile
  drawn.replaceWith(panel);
  panel.hidden = false;
  for (const part of panel.querySelectorAll("[data-part]")) part.hidden = !part.dataset.part.split(" ").includes("talking");
  panel.querySelector("[data-text-talk]").hidden = true;
  const sheet = document.getElementById("call-sheet");
  sheet.hidden = false;
  sheet.innerHTML = "<h2>登记</h2>" + "<p>一行</p>".repeat(200) + "<button class=button type=button data-last>完成登记</button>";
}"""
IN_REACH = """(selector) => {
  const wanted = document.querySelector(selector);
  const { x, y, width, height } = wanted.getBoundingClientRect();
  const found = document.elementFromPoint(x + width / 2, y + height / 2);
  return height >= 32 && wanted.contains(found);
}"""
NOTES = """import("/static/js/toast.js").then(({ toast, refuse }) => {
  toast("已转交给同事。");
  toast("短信链接已交给短信网关。");
  refuse("这一步没有完成。", "已填写的内容还在，请稍后再试。");
})"""


A_TALK = """() => {
  const seat = document.querySelector(".seat");
  seat.classList.remove("idle");
  seat.dataset.view = "talk";
  seat.innerHTML = `<section class="seat-talk"><header class="seat-talk-head">会话</header><div></div>
    <div class="seat-scroll"></div><div></div><form class="typing-area"><textarea rows="3"></textarea></form></section>`;
}"""


@pytest.mark.parametrize("size", [(390, 844), (360, 640), (800, 1000)])
def test_beside_an_open_record_mute_hold_and_hang_up_stay_in_reach(opened, size):
    page = opened(reverse("workbench:home"), size)
    page.evaluate(IN_A_TALK)
    for button in ("[data-press=mute]", "[data-ask=HOLD]", "[data-hang-up]", "[data-sheet-switch]"):
        assert page.evaluate(IN_REACH, f"#telephone {button}"), f"{button} is covered at {size}"
    page.locator("#telephone [data-press=mute]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('[data-ask=HOLD]')"), "the keyboard goes on within the bar"
    page.evaluate("document.querySelector('[data-last]').scrollIntoView({ block: 'end' })")
    assert page.evaluate(IN_REACH, "[data-last]"), "the bar lies over the end of the record"


def test_notes_do_not_lie_over_the_reply_on_a_phone(opened):
    page = opened(reverse("workbench:seat"), (390, 844))
    page.evaluate(A_TALK)
    page.evaluate(NOTES)
    page.wait_for_selector("#refusal .refusal")
    assert page.evaluate(IN_REACH, ".typing-area textarea")
