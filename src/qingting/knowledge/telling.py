"""A line or place as it is told to somebody: written into a chat, or read aloud on the telephone. Pure."""

import re
from typing import Protocol

_ALOUD = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))  # 一 sounds like 七: on the telephone it is 幺
_OPEN_WORDS = {True: "现在开着", False: "现在关着"}
_LONGEST_GROUP = 4


class Place(Protocol):
    """What of a resource is told."""

    name: str
    phone: str
    address: str
    about: str


def told(place: Place, hours: str, is_open: bool | None) -> dict[str, str]:
    """`message` for a chat, `aloud` for the telephone: name, number, place, hours, and what it is for."""
    return {"message": _message(place, hours, is_open), "aloud": _aloud(place, hours, is_open)}


def _message(place: Place, hours: str, is_open: bool | None) -> str:
    now = f"（{_OPEN_WORDS[is_open]}）" if is_open is not None else ""
    parts = [("电话", place.phone), ("地址", place.address), ("时间", f"{hours}{now}" if hours else "")]
    lines = [f"{label}：{words}" for label, words in parts if words]
    return "\n".join([place.name, *lines, *([place.about] if place.about else [])])


def _aloud(place: Place, hours: str, is_open: bool | None) -> str:
    said = [place.name]
    if place.phone:
        said.append(f"电话是 {number_aloud(place.phone)}")
    if place.address:
        said.append(f"地址在{place.address}")
    if hours:
        said.append(f"{hours.replace('–', '到')}" + (f"，{_OPEN_WORDS[is_open]}" if is_open is not None else ""))
    return "。".join(said) + "。"


def number_aloud(phone: str) -> str:
    """Digits as they are said, in groups that one can write down: 020-55501102 → 零二零，五五五零，幺幺零二."""
    return re.sub(r"\d[\d\- ]*", lambda found: _groups(found[0]), phone)


def _groups(run: str) -> str:
    parts = [part for part in re.split(r"[\- ]+", run) if part]
    grouped = [piece for part in parts for piece in _cut(part)]
    return "，".join("".join(_ALOUD[digit] for digit in piece) for piece in grouped)


def _cut(digits: str) -> list[str]:
    """Short numbers whole; mobile numbers three, four, four; others in fours from the end."""
    if len(digits) <= _LONGEST_GROUP + 1:
        return [digits]
    first = len(digits) % _LONGEST_GROUP or _LONGEST_GROUP
    return [digits[:first], *(digits[at : at + _LONGEST_GROUP] for at in range(first, len(digits), _LONGEST_GROUP))]
