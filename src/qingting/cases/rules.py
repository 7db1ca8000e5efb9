"""Pure rules of cases: how a number reads, and what a person is told when a hold stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass

from qingting.cases.states import HOLD_ADVICE, HoldKind

# Letter codes of the province-level divisions: GB/T 2260. QG (the nation's own desk) and BT (新疆生产建设兵团) are ours.
_LETTERS = (
    "00:QG 11:BJ 12:TJ 13:HE 14:SX 15:NM 21:LN 22:JL 23:HL 31:SH 32:JS 33:ZJ 34:AH 35:FJ 36:JX 37:SD 41:HA 42:HB"
    " 43:HN 44:GD 45:GX 46:HI 50:CQ 51:SC 52:GZ 53:YN 54:XZ 61:SN 62:GS 63:QH 64:NX 65:XJ 66:BT 71:TW 81:HK 82:MO"
)
PROVINCE_LETTERS = dict(pair.split(":") for pair in _LETTERS.split())


def case_number(province: str, year: int, count: int) -> str:
    """`GD-2026-000123` from the province's GB/T 2260 code, the year and the count within both."""
    return f"{PROVINCE_LETTERS.get(province[:2], province[:2])}-{year}-{count:06d}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """message: which holds stand; do_next: what lifts them. Both Chinese, for people."""

    message: str
    do_next: str


def refusal_for(act: str, kinds: Iterable[str]) -> Refusal:
    """What to say when `act` (结案, 销号) meets holds of these kinds; each kind is named once, with its count."""
    counted: dict[str, int] = {}
    for kind in kinds:
        counted[kind] = counted.get(kind, 0) + 1
    names = [f"{HoldKind(kind).label}{f'（{n}项）' if n > 1 else ''}" for kind, n in counted.items()]
    advice = [HOLD_ADVICE[HoldKind(kind)] for kind in counted]
    return Refusal(f"还不能{act}：{'、'.join(names)}。", "".join(advice))
