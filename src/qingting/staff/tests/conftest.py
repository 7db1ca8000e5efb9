"""Somebody who can sign in, a clock that tests move, and a browser."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from qingting.core import time
from qingting.staff import credentials, rules
from qingting.staff.models import Account
from qingting.staff.services import Browser

PASSWORD = "潮汐-竹影-1935-缓慢"
BROWSER = Browser("192.0.2.7", "Windows · Edge")


class Clock:
    """The wall clock, held still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def pass_(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def clock(at, monkeypatch) -> Clock:
    held = Clock(at)
    monkeypatch.setattr(time, "now", lambda: held.at)
    return held


def equip(account: Account, *, at: datetime, password: str = PASSWORD) -> Account:
    """Give an account a password and a bound authenticator."""
    account.password = make_password(password)
    account.totp_secret = credentials.seal_totp_secret(credentials.new_totp_secret())
    account.totp_confirmed_at = at
    account.save()
    return account


def code_of(account: Account, at: datetime) -> str:
    """What the person's authenticator shows."""
    account.refresh_from_db()
    step = int(at.timestamp()) // rules.STEP_SECONDS
    return rules.code_of_step(credentials.totp_secret(account), step)


@pytest.fixture
def colleague(agent_here, at) -> Account:
    """The counsellor of Guangdong's station, ready to sign in."""
    return equip(Account.objects.get(pk=agent_here.account_id), at=at)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140"})


@pytest.fixture
def signed_in(browser, colleague, clock):
    """The counsellor's browser after both steps."""
    sign_in(browser, colleague, clock.at)
    return browser


def sign_in(browser: Client, account: Account, at: datetime, password: str = PASSWORD):
    """Both steps, as a person does them; returns the last answer."""
    browser.post("/account/sign-in", {"username": account.username, "password": password})
    return browser.post("/account/second-factor", {"code": code_of(account, at)})
