"""What the vault's small forms send, as plain values."""

from dataclasses import dataclass

from django.http import QueryDict

from qingting.seekers.selectors import MaskedDatum
from qingting.seekers.states import DatumKind

# How each kind is typed: the keyboard a phone shows, and an example where one helps.
_INPUTS = {
    DatumKind.PHONE: ("tel", "手机或带区号的座机"),
    DatumKind.GUARDIAN_PHONE: ("tel", "手机或带区号的座机"),
    DatumKind.ID_NUMBER: ("text", "18位"),
    DatumKind.ADDRESS: ("text", "省市区、街道、门牌"),
    DatumKind.SCHOOL: ("text", "学校全称、年级班级"),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One kind of personal datum as the vault shows it: stored (masked), open for typing, or waiting for a ground."""

    kind: str
    label: str
    inputmode: str
    placeholder: str
    datum: MaskedDatum | None
    waiting: bool


def slots(data: dict[str, MaskedDatum], waiting: frozenset[DatumKind]) -> list[Slot]:
    """Every kind in the order in which it is usually asked."""
    order = (
        DatumKind.NAME,
        DatumKind.PHONE,
        DatumKind.SCHOOL,
        DatumKind.ADDRESS,
        DatumKind.GUARDIAN_NAME,
        DatumKind.GUARDIAN_PHONE,
        DatumKind.WECHAT,
        DatumKind.ID_NUMBER,
    )
    return [_slot(kind, data.get(kind), kind in waiting) for kind in order]


def _slot(kind: DatumKind, datum: MaskedDatum | None, waiting: bool) -> Slot:
    inputmode, placeholder = _INPUTS.get(kind, ("text", ""))
    return Slot(kind.value, str(kind.label), inputmode, placeholder, datum, waiting)


def words(posted: QueryDict, name: str) -> str:
    """A field of a posted form; empty where it is missing."""
    return str(posted.get(name, "")).strip()
