"""What the door's forms hold."""

from collections.abc import Mapping
from datetime import time

from qingting.core.errors import Invalid
from qingting.reception.services import Left, Wish


def wish_from(data: Mapping[str, str]) -> Wish:
    """The setting as entered."""
    return Wish(
        night_on=data.get("night_on") == "on",
        begins=_clock(data.get("begins", "")),
        ends=_clock(data.get("ends", "")),
        when_busy=data.get("when_busy") == "on",
        patience_seconds=_number(data.get("patience", "")),
        wording_on=data.get("wording_on") == "on",
    )


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise Invalid("时间没有填对。", code="reception.setting.time", do_next="请填成 21:00 这样。") from error


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def left_from(data: Mapping[str, str]) -> Left:
    """What somebody leaves."""
    return Left(
        kind=data.get("kind", ""),
        words=data.get("words", ""),
        phone=data.get("phone", ""),
        when=data.get("when", ""),
    )
