"""Reading what a system hands in: shape and types, each fault named by its field. What the values mean, the rooms check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qingting.cases.services import NewCase
from qingting.contacts.services import TakenDown
from qingting.contacts.states import Channel
from qingting.core.errors import Invalid
from qingting.directory.states import Urgency
from qingting.orders.services import Intake, NewOrder
from qingting.orders.states import OrderKind

TEXT, TEXTS, MOMENT, YES_OR_NO, NUMBER = "text", "texts", "moment", "yes-or-no", "number"
CONTACT = {
    "channel": TEXT,
    "started_at": MOMENT,
    "ended_at": MOMENT,
    "caller_kind": TEXT,
    "age_band": TEXT,
    "gender": TEXT,
    "schooling": TEXT,
    "special_groups": TEXTS,
    "declared_division": TEXT,
    "number_division": TEXT,
    "category": TEXT,
    "risk_level": TEXT,
    "dispositions": TEXTS,
    "summary": TEXT,
    "follow_up_wanted": YES_OR_NO,
}
CASE = {"category": TEXT, "urgency": TEXT, "division": TEXT, "summary": TEXT}
ORDER = {"kind": TEXT, "urgency": TEXT, "division": TEXT, "instructions": TEXT, "handler_organisation_id": NUMBER}
PARTS = {"contact": CONTACT, "case": CASE, "order": ORDER}
NEEDED = ("contact.channel", "contact.started_at", "order.kind", "order.instructions")
_ONE_OF = {
    "contact.channel": frozenset(Channel.values),
    "case.urgency": frozenset(Urgency.values),
    "order.urgency": frozenset(Urgency.values),
    "order.kind": frozenset(OrderKind.values),
}


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("应为带时区的时间，如 2026-03-04T12:00:00+08:00")
    return moment


def _number(value: Any) -> int:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValueError("应为编号")
    return int(text)


def _typed(kind: str, value: Any) -> Any:
    """The value as the rooms want it; ValueError says what it should be."""
    if kind == MOMENT:
        return _moment(value)
    if kind == NUMBER:
        return _number(value)
    fits = {
        TEXT: isinstance(value, str),
        TEXTS: isinstance(value, list) and all(isinstance(part, str) for part in value),
        YES_OR_NO: isinstance(value, bool),
    }
    if not fits[kind]:
        raise ValueError({TEXT: "应为文字", TEXTS: "应为文字列表", YES_OR_NO: "应为 true 或 false"}[kind])
    return value


def _part(name: str, given: Any, faults: dict[str, str]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        faults[name] = "应为对象"
        return {}
    known, values = PARTS[name], {}
    for field, value in given.items():
        place = f"{name}.{field}"
        try:
            if field not in known:
                raise ValueError("没有这个字段")
            if value is not None:
                values[field] = _typed(known[field], value)
            if place in _ONE_OF and value not in _ONE_OF[place]:
                raise ValueError("不在可选范围内")
        except ValueError as fault:
            faults[place] = str(fault)
    return values


def read_parcel(body: Any) -> tuple[Intake, int]:
    """The intake, and the organisation its order goes to (0: nowhere yet). Raises Invalid naming every wrong field."""
    faults: dict[str, str] = {}
    if not isinstance(body, Mapping):
        raise _invalid({"": "应为 JSON 对象"})
    faults |= {name: "没有这个字段" for name in body if name not in PARTS}
    contact, case, order = (_part(name, body.get(name, {}), faults) for name in PARTS)
    parts = {"contact": contact, "case": case, "order": order}
    for place in NEEDED:
        name, _, field = place.partition(".")
        if not parts[name].get(field):
            faults.setdefault(place, "未填写")
    if faults:
        raise _invalid(faults)
    return _intake(contact, case, order), order.get("handler_organisation_id", 0)


def _intake(contact: dict[str, Any], case: dict[str, Any], order: dict[str, Any]) -> Intake:
    """Where case or order leave something open, it is as in the contact, and as in the case."""
    way = {name: contact.pop(name, None) for name in ("channel", "started_at", "ended_at")}
    new_case = NewCase(
        category=case.get("category") or contact.get("category", ""),
        urgency=case.get("urgency") or contact.get("risk_level") or Urgency.ROUTINE,
        division=case.get("division", ""),
        summary=case.get("summary", ""),
    )
    new_order = NewOrder(
        kind=order["kind"],
        urgency=order.get("urgency") or new_case.urgency,
        division=order.get("division", ""),
        instructions=order["instructions"],
    )
    return Intake(TakenDown(**way, fields=contact), new_case, new_order)


def _invalid(faults: dict[str, str]) -> Invalid:
    return Invalid(
        "内容有误：" + "；".join(f"{place or '请求'} {why}" for place, why in faults.items()) + "。",
        code="exchange.intake.invalid",
        do_next="请对照 /api/v1/openapi.json 修改后重新提交。",
        fields=faults,
    )
