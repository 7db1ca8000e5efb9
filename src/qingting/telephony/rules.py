"""Pure rules of the telephone: numbers, who is let in, when somebody hears what."""

import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

CALLS_A_MINUTE = 6  # of one number; more are no call for help (issue: 10 000 in a minute from one number)
HIDDEN_A_MINUTE = 120  # of all callers who hide their number, together
STRANGERS = b"strangers"  # in a flood's memory: all numbers that nobody here has talked with, together
KNOWN_FOR = timedelta(days=30)  # so long a returning caller meets the counsellor they know
IN_DANGER_FOR = timedelta(days=7)  # so long danger of an earlier call moves the next one to the front
RESUME_SECONDS = 25  # so long a counsellor whose page was lost is rung again before somebody else is sought
ANNOUNCE_EVERY = 30.0  # seconds between two announcements of the place in the line
SILENT_OFTEN, SILENT_WITHIN = 3, timedelta(days=7)  # so many silent calls of one number are told to the shift leader
MOST_ATTEMPTS = 3
BETWEEN_ATTEMPTS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """How the platform telephones somebody by itself: how often at most, how far apart, how long it rings, and how long
    after it was asked for it still has a meaning."""

    attempts: int
    apart: timedelta
    ring_seconds: int
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class OutsideRule:
    """How often a party may be called from one case: at most so many times within a while, and so far apart where nobody
    was reached."""

    most: int
    within: timedelta
    apart: timedelta


# 110 and 120 are called as often as it needs, but not twice for one press of a button. A guardian who does not answer is
# tried again after ten minutes, in a 特急 matter after one; product defaults.
OUTSIDE = {
    "POLICE_110": OutsideRule(20, timedelta(hours=1), timedelta(seconds=15)),
    "AMBULANCE": OutsideRule(20, timedelta(hours=1), timedelta(seconds=15)),
    "GUARDIAN": OutsideRule(6, timedelta(days=1), timedelta(minutes=10)),
}
AT_ONCE_APART = timedelta(minutes=1)

# An alert has sixty seconds until the next person is called (directory's clock rules). A desk that is late is called three times within a quarter of an hour.
NOTICES = {
    "ALERT": NoticeRule(2, timedelta(seconds=5), 25, timedelta(seconds=60)),
    "HANDOFF_LATE": NoticeRule(3, timedelta(minutes=2), 35, timedelta(minutes=15)),
    "TEST": NoticeRule(1, timedelta(0), 30, timedelta(minutes=1)),
}
TELLING_SECONDS = 40.0  # so long a notice is said, again and again, until the key is pressed
# Never dialled by a machine: somebody in need may be waiting behind it.
EMERGENCY = frozenset({"110", "119", "120", "122", "999"})

_NOT_DIALLED = re.compile(r"[^\d+]")


def clean_number(given: str) -> str:
    """A caller's number as it is kept: digits only, without +86; '' for a hidden or meaningless one."""
    digits = _NOT_DIALLED.sub("", given or "")
    digits = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))", "", digits).lstrip("+")
    return digits if 3 <= len(digits) <= 20 else ""


def is_mobile(number: str) -> bool:
    """Whether a clean number gets text messages: a mobile number of the mainland."""
    return bool(re.fullmatch(r"1[3-9]\d{9}", number))


def tail(number: str) -> str:
    """What of a number may be shown: its last two digits, none of a short one."""
    return number[-2:] if len(number) >= 7 else ""


def masked(tail_of_number: str, *, hidden: bool, browser: bool = False) -> str:
    """How a page names a caller's number; `browser`: they called from the portal, where there is none."""
    if browser:
        return "网页来电"
    if hidden:
        return "未显示号码"
    return f"*********{tail_of_number}" if tail_of_number else "短号码"


def skill_of_digit(digit: str) -> str | None:
    """What the one optional key chooses."""
    return {"1": "PSYCHOLOGY", "2": "LAW"}.get(digit)


LANGUAGE_KEYS = {"3": "en", "4": "zh", "5": "yue"}


def language_of_digit(digit: str, offered: Collection[str]) -> str:
    """The language that a key chooses, of those that the line offers; '' for none."""
    language = LANGUAGE_KEYS.get(digit, "")
    return language if language in offered else ""


def is_staffed(opens: time | None, closes: time | None, local: time) -> bool:
    """Whether a line is staffed at this time of day; one without times is so day and night. May pass midnight."""
    if opens is None or closes is None or opens == closes:
        return True
    if opens < closes:
        return opens <= local < closes
    return local >= opens or local < closes


def dials_itself(number: str, lines: frozenset[str]) -> bool:
    """Whether the platform may dial this number without a person at the other end of the wire: none of an emergency, and
    none of our own lines, where callers wait."""
    return bool(number) and number not in EMERGENCY and number not in lines


def outside_from(party: str, tries: list[tuple[datetime, str]], *, critical: bool, at: datetime) -> datetime:
    """From when a party may be called again. tries: (when, outcome) of this case, the newest first."""
    rule = OUTSIDE[party]
    recent = [when for when, _ in tries if when > at - rule.within]
    if len(recent) >= rule.most:
        return recent[rule.most - 1] + rule.within
    if not tries or tries[0][1] == "TALKED":
        return at
    return tries[0][0] + (min(rule.apart, AT_ONCE_APART) if critical else rule.apart)


def next_notice(notice: str, attempts: int, at: datetime) -> datetime | None:
    """When somebody who did not acknowledge is called again; None when it is enough."""
    rule = NOTICES[notice]
    return at + rule.apart if attempts < rule.attempts else None


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """When somebody who did not answer is called again; None when it is enough."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return at + BETWEEN_ATTEMPTS[max(0, attempts - 1)]


@dataclass(slots=True)
class Flood:
    """How often each number called in the last minute. Held in memory: it must answer without a database.

    Whoever floods the line fills their own minute only; all others are let in.
    """

    _calls: dict[bytes, deque[float]] = field(default_factory=dict)
    _swept: float = 0.0

    def lets_in(self, who: bytes, *, limit: int, moment: float) -> bool:
        """who: the blind index of a number, b'' for hidden ones; moment: seconds of a monotonic clock."""
        self._sweep(moment)
        calls = self._calls.setdefault(who, deque(maxlen=limit + 1))
        while calls and calls[0] <= moment - 60:
            calls.popleft()
        if len(calls) >= limit:
            return False
        calls.append(moment)
        return True

    def _sweep(self, moment: float) -> None:
        if moment - self._swept < 60:
            return
        self._swept = moment
        self._calls = {who: calls for who, calls in self._calls.items() if calls and calls[-1] > moment - 60}


def position_prompts(position: int, wait_seconds: int | None) -> list[str]:
    """Names of the prompts that tell somebody their place in the line and, where it is known, the likely wait."""
    ahead = min(position - 1, 20)
    words = ["you-are-next"] if ahead == 0 else ["ahead-of-you", f"number-{ahead}", "people"]
    if wait_seconds is not None:
        minutes = min(20, max(1, round(wait_seconds / 60)))
        words += ["likely-wait", f"number-{minutes}", "minutes"] if wait_seconds > 45 else ["soon"]
    return words
