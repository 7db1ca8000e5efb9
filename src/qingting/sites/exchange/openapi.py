"""The API in OpenAPI 3.1, from the same tables that read the parcels."""

from typing import Any

from qingting.contacts.states import CallerKind, Channel, Disposition, Schooling
from qingting.directory.states import Urgency
from qingting.orders.states import OrderKind
from qingting.seekers.states import AgeBand, Gender, SpecialGroup
from qingting.sites.exchange import parcels

_CODES = {
    "contact.channel": Channel,
    "contact.caller_kind": CallerKind,
    "contact.age_band": AgeBand,
    "contact.gender": Gender,
    "contact.schooling": Schooling,
    "contact.special_groups": SpecialGroup,
    "contact.dispositions": Disposition,
    "contact.risk_level": Urgency,
    "case.urgency": Urgency,
    "order.urgency": Urgency,
    "order.kind": OrderKind,
}
_NEEDED_BY_THE_CONTACT = ["category", "caller_kind", "risk_level", "summary"]
_SHAPES: dict[str, dict[str, Any]] = {
    parcels.TEXT: {"type": "string"},
    parcels.TEXTS: {"type": "array", "items": {"type": "string"}},
    parcels.MOMENT: {"type": "string", "format": "date-time"},
    parcels.YES_OR_NO: {"type": ["boolean", "null"]},
    parcels.NUMBER: {"type": "string", "pattern": "^[0-9]{1,18}$"},
}


def _field(place: str, kind: str) -> dict[str, Any]:
    codes = _CODES.get(place)
    if codes is None:
        return _SHAPES[kind]
    chosen = {"type": "string", "enum": codes.values, "description": "、".join(f"{v} {n}" for v, n in codes.choices)}
    return {"type": "array", "items": chosen} if kind == parcels.TEXTS else chosen


def _part(name: str) -> dict[str, Any]:
    needed = [place.partition(".")[2] for place in parcels.NEEDED if place.startswith(f"{name}.")]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": needed + (_NEEDED_BY_THE_CONTACT if name == "contact" else []),
        "properties": {field: _field(f"{name}.{field}", kind) for field, kind in parcels.PARTS[name].items()},
    }


def _parcel() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["contact", "order"],
        "properties": {name: _part(name) for name in parcels.PARTS},
    }


def _texts(*names: str) -> dict[str, Any]:
    return {"type": "object", "required": list(names), "properties": {name: {"type": "string"} for name in names}}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _intake() -> dict[str, Any]:
    refusals = {
        "401": "没有有效的接口密钥",
        "403": "密钥的岗位没有这项权限",
        "409": "幂等键已用于另一份内容",
        "413": "内容太大",
        "422": "内容有误，fields 指明字段",
        "429": "太频繁",
    }
    return {
        "operationId": "intake",
        "summary": "一次移交接触记录、个案和工单",
        "security": [{"key": []}, {"session": []}],
        "parameters": [
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 100}},
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}},
        },
        "responses": {
            "201": _answer("已登记", "TakenIn"),
            "200": _answer("此前已登记，未重复", "TakenIn"),
            **{status: _answer(description, "Refusal") for status, description in refusals.items()},
        },
    }


def document() -> dict[str, Any]:
    """The whole description."""
    refusal = _texts("message", "code", "do_next")
    refusal["properties"]["fields"] = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "青听 内部系统接口", "version": "1"},
        "paths": {"/api/v1/intake": {"post": _intake()}},
        "components": {
            "schemas": {
                "Parcel": _parcel(),
                "TakenIn": _texts("contact_id", "case_id", "order_id", "case_number", "order_number"),
                "Refusal": refusal,
            },
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "qt_session"},
            },
        },
    }
