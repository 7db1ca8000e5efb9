"""Pure rules of sign-in: passwords, lock-out, one-time codes, and which step comes next."""

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import pairwise

import pyotp

MIN_LENGTH, MAX_LENGTH = 12, 128
STEP_SECONDS = 30
_FREE_FAILURES = 5
_LONGEST_LOCK = timedelta(hours=1)
_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,58})[a-z0-9]")


def normal_username(text: str) -> str:
    """The form in which usernames are stored and compared."""
    return text.strip().casefold()


def is_username(text: str) -> bool:
    """3 to 60 small letters, digits, dots, dashes and underscores, beginning and ending with a letter or digit."""
    return _USERNAME.fullmatch(text) is not None


def password_faults(new: str, *, username: str, old: str = "", common: Collection[str] = ()) -> list[str]:
    """Why a password can't be used, in Chinese; empty when it can.

    Length counts more than kinds of characters (NIST SP 800-63B). common: words in small letters; a password that
    is one of them with digits and signs around it is refused as well.
    """
    bare = re.sub(r"[^a-z]", "", new.casefold())
    checks = (
        (len(new) < MIN_LENGTH, f"至少需要{MIN_LENGTH}个字符"),
        (len(new) > MAX_LENGTH, f"最多{MAX_LENGTH}个字符"),
        (bool(username) and username.casefold() in new.casefold(), "不能包含用户名"),
        (new.casefold() in common or bare in common, "太常见，容易被猜到"),
        (len(set(new)) < 5, "重复的字符太多"),
        (_is_sequence(new), "不能是连续的数字或字母"),
        (bool(old) and _alike(new, old), "与原密码太相似"),
    )
    return [message for wrong, message in checks if wrong]


def _is_sequence(text: str) -> bool:
    """Whether most neighbouring characters follow each other, as in 123456789012."""
    steps = [ord(b) - ord(a) for a, b in pairwise(text)]
    return bool(steps) and sum(abs(step) == 1 for step in steps) >= 0.7 * len(steps)


def _alike(new: str, old: str) -> bool:
    return SequenceMatcher(None, new.casefold()[:MAX_LENGTH], old.casefold()[:MAX_LENGTH]).ratio() > 0.75


def lock_for(failures: int) -> timedelta | None:
    """How long an account rests after so many failures in a row: from the fifth on 1, 2, 4 … minutes, at most 1 h."""
    if failures < _FREE_FAILURES:
        return None
    return min(timedelta(minutes=2 ** min(failures - _FREE_FAILURES, 10)), _LONGEST_LOCK)


def code_of_step(secret: str, step: int) -> str:
    """The six digits that an authenticator shows during a time step (Unix time / 30 s)."""
    return pyotp.TOTP(secret).generate_otp(step)


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step (Unix time / 30 s) that a six-digit code belongs to: this one, the one before or the one after.

    The caller refuses a step that is not later than the last one used, so a code overheard can't be replayed.
    """
    totp, this = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    given = code.strip().replace(" ", "")
    near = (this - 1, this, this + 1)
    found = [step for step in near if hmac.compare_digest(totp.generate_otp(step).encode(), given.encode())]
    return found[-1] if found else None


def normal_recovery_code(text: str) -> str:
    """A recovery code without the dashes and spaces that people type or leave out."""
    return re.sub(r"[\s-]", "", text).upper()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sign-in has come."""

    enrolled: bool
    second_factor_passed: bool
    must_change_password: bool
    at_a_post: bool


def next_step(progress: Progress) -> str:
    """The step that a sign-in waits for: `enrol`, `second-factor`, `password`, `posts`, or '' when it is complete."""
    if not progress.second_factor_passed:
        return "second-factor" if progress.enrolled else "enrol"
    if progress.must_change_password:
        return "password"
    return "" if progress.at_a_post else "posts"


_SYSTEMS = (
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_name(user_agent: str) -> str:
    """What a person recognises their device by, such as 「Windows · Edge」; nothing finer is kept."""
    system = next((label for mark, label in _SYSTEMS if mark in user_agent), "其他系统")
    browser = next((label for mark, label in _BROWSERS if mark in user_agent), "其他浏览器")
    return f"{system} · {browser}"
