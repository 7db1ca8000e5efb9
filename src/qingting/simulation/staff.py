"""Signing in as people of the platform do: password, authenticator, post."""

import time
from dataclasses import dataclass

import pyotp

from qingting.simulation.accounts import DemoAccount
from qingting.simulation.browser import Browser, RefusedError
from qingting.simulation.forms import forms_of

STEP_SECONDS = 30


@dataclass(slots=True)
class StaffMember:
    """Somebody signed in, with a browser of their own."""

    account: DemoAccount
    browser: Browser


def sign_in(account: DemoAccount, browser: Browser, *, organisation: str = "") -> StaffMember:
    """Sign in through the pages. organisation: a part of the name of where to act, for somebody with several posts.

    Raises RefusedError where password or code is not taken.
    """
    browser.get("/account/sign-in", step="sign-in")
    said = {"username": account.username, "password": account.password}
    browser.post("/account/sign-in", said, step="sign-in")
    where = _second_factor(account, browser)
    if where.endswith("/account/posts"):
        _choose_post(browser, organisation)
    return StaffMember(account, browser)


def _second_factor(account: DemoAccount, browser: Browser) -> str:
    """Give the code of this half minute, or, where it was used already, the next one. Returns where it leads."""
    step = int(time.time()) // STEP_SECONDS
    codes = [pyotp.TOTP(account.secret).generate_otp(step + ahead) for ahead in (0, 1)]
    for code in codes[:-1]:
        try:
            return _led_to(browser, code)
        except RefusedError as refusal:
            if refusal.status != 403:
                raise
    return _led_to(browser, codes[-1])


def _led_to(browser: Browser, code: str) -> str:
    answer = browser.post("/account/second-factor", {"code": code}, step="second-factor")
    return str(answer.headers.get("location", ""))


def _choose_post(browser: Browser, organisation: str) -> None:
    forms = forms_of(browser.get("/account/posts", step="post").text).values()
    offered = [button for form in forms for button in form.buttons if button[0] == "organisation"]
    value = next(value for _, value, words in offered if organisation in words)
    browser.post("/account/posts", {"organisation": value}, step="post")
