"""Pure rules of the vault: how values are normalised, checked, masked, and when a child's data may be kept."""

import re
import unicodedata
from collections.abc import Iterable

from qingting.seekers.states import OF_THE_PERSON, SUFFICES_UNDER_14, UNDER_14, ConsentBasis, DatumKind

LONGEST = 200
PSEUDONYM_WORDS = (
    "竹", "松", "兰", "荷", "梅", "桂", "枫", "杉", "柳", "榕", "云", "溪", "星", "月", "雨", "岚", "晴", "舟", "帆", "岛",
    "禾", "麦", "鹿", "鹤", "燕", "雀", "鲸", "萤", "青", "蓝",
)  # fmt: skip

_PHONES = frozenset({DatumKind.PHONE, DatumKind.GUARDIAN_PHONE})
_NAMES = frozenset({DatumKind.NAME, DatumKind.GUARDIAN_NAME})
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}|\+\d{6,15}")
_ID_NUMBER = re.compile(r"\d{17}[\dX]|\d{15}")
_HIDDEN_DIGITS = re.compile(r"\d{5,}")
# GB 11643-1999: weights of the first 17 digits, and the check character by the weighted sum modulo 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def normalised(kind: str, value: str) -> str:
    """The form in which equal values are equal: full-width characters folded, separators and +86 dropped."""
    text = unicodedata.normalize("NFKC", value).strip()
    if kind in _PHONES:
        return _phone(text)
    if kind == DatumKind.ID_NUMBER:
        return re.sub(r"[\s\-]", "", text).upper()
    if kind == DatumKind.WECHAT:
        return text.replace(" ", "").lower()
    if kind in _NAMES:
        return re.sub(r"\s+", " ", text) if text.isascii() else re.sub(r"\s+", "", text)
    return re.sub(r"\s+", " ", text)


def _phone(text: str) -> str:
    digits = re.sub(r"[\s\-—–().·]", "", text)
    return re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))", "", digits)


def problem_with(kind: str, value: str) -> str:
    """What is wrong with a normalised value, in words for the person who typed it; empty when it can be stored."""
    if not value:
        return "还没有填写内容。"
    if len(value) > LONGEST:
        return f"内容太长，最多{LONGEST}个字。"
    if kind in _PHONES and not _PHONE.fullmatch(value):
        return "电话号码的位数不对，请核对一遍（手机11位，固定电话请带区号）。"
    if kind == DatumKind.ID_NUMBER and not _ID_NUMBER.fullmatch(value):
        return "身份证号应为18位（或旧的15位），请核对一遍。"
    return ""


def id_number_adds_up(value: str) -> bool:
    """Whether the last character of an 18-digit id number fits the others; a 15-digit one has none to check."""
    if len(value) != 18:
        return True
    total = sum(int(digit) * weight for digit, weight in zip(value[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == value[17]


def masked(kind: str, value: str) -> str:
    """The form shown to everyone who may see the record: 张*, 138****5678, 4401**********1234."""
    if kind in _NAMES:
        return value[:1] + "*" * min(max(1, len(value) - 1), 3)
    if kind in _PHONES:
        return _middle_hidden(value, 3, 4) if len(value) >= 10 else _middle_hidden(value, 0, 2)
    if kind == DatumKind.ID_NUMBER:
        return _middle_hidden(value, 4, 4)
    if kind == DatumKind.ADDRESS:
        return _place(value)
    if kind == DatumKind.SCHOOL:
        return _middle_hidden(value, 2, 2) if len(value) > 5 else value[:1] + "***"
    return _middle_hidden(value, 1, 1) if len(value) > 3 else "***"


def _middle_hidden(value: str, head: int, tail: int) -> str:
    """The ends of a value, the middle as stars; only stars where the ends would be all of it."""
    hidden = len(value) - head - tail
    return value[:head] + "*" * hidden + value[-tail:] if hidden > 0 else "***"


def _place(value: str) -> str:
    """An address down to the county, the rest hidden; four characters where no county is named."""
    county = re.match(r".{2,12}?[区县旗](?=.)|.{2,8}?市(?=.)", value)
    return (county.group() if county else value[: min(4, len(value) // 2)]) + "****"


def tail(kind: str, value: str) -> str:
    """The last four characters of a number, kept open beside the sealed value; nothing of names and places."""
    return value[-4:] if kind in _PHONES or kind == DatumKind.ID_NUMBER else ""


def may_keep(age_band: str, kind: str, bases: Iterable[str]) -> bool:
    """Whether a datum may be stored: data of a child under 14 needs a guardian's consent or a stronger ground first."""
    if age_band not in UNDER_14 or kind not in OF_THE_PERSON:
        return True
    return any(ConsentBasis(basis) in SUFFICES_UNDER_14 for basis in bases)


def pseudonym(word: str, number: int) -> str:
    """「来访者·竹 4821」: friendly, and without meaning."""
    return f"来访者·{word} {number:04d}"


def without_numbers(words: str) -> str:
    """Free words with long numbers blotted out: a reason for looking must not become a copy of what was looked at."""
    return _HIDDEN_DIGITS.sub(lambda found: "*" * len(found.group()), unicodedata.normalize("NFKC", words))
