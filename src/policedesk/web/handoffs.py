"""Handing an incident of this desk over to 12355: the form and what becomes of it."""

import uuid
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deskwire.moments import to_wire
from policedesk import items, wording
from policedesk.desk import Parts
from policedesk.numbers import peek_incident_number
from policedesk.operators import Operator
from policedesk.services import Act, RefusedError
from policedesk.times import local
from policedesk.web.acts import message_id, needed, one_of
from policedesk.web.render import Pages
from policedesk.web.security import Form

KEEP_FOR = timedelta(days=365)
"""How long 12355 may keep what it is told, unless the operator says otherwise; product default."""
UNDER_14: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}


class Handoffs:
    """The form 转出到 12355."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages

    def new(self, _request: Request, operator: Operator) -> Response:
        """Show an empty form."""
        return self._form(operator, {})

    def create(self, _request: Request, operator: Operator, form: Form) -> Response:
        """Hand over; a refusal keeps what was typed."""
        try:
            identity = message_id(form)
            # The link's id follows from the form's id, so that a second click is the same link.
            link_id = str(uuid.uuid5(uuid.UUID(identity), "link"))
            body = self._body(form)
            self._parts.desk.hand_off(Act(operator.code, link_id, identity), body=body, drill=bool(form.text("drill")))
        except RefusedError as refusal:
            return self._form(operator, form.values, str(refusal))
        return RedirectResponse(f"/incidents/{link_id}?done=handoff", 303)

    def _form(self, operator: Operator, values: dict[str, str], error: str = "") -> Response:
        now = self._parts.clock()
        region = self._parts.settings.me.region_code
        suggested = peek_incident_number(self._parts.database, region, now)
        shown = {
            "incident_no": suggested,
            "retain_until": (local(now) + KEEP_FOR).date().isoformat(),
            **values,
            "suggested": suggested,
        }
        status = 422 if error else 200
        return self._pages.page("handoff.html", operator, status, items=items.to_12355(), values=shown, error=error)

    def _body(self, form: Form) -> dict[str, Any]:
        chosen = form.text("item")
        item = items.find("110-to-12355", int(chosen)) if chosen.isdecimal() else None
        if item is None:
            raise RefusedError("请选择转办事项。")
        basis = one_of(form, "basis", wording.BASIS, "请选择披露依据。")
        body: dict[str, Any] = {
            "listItem": item.to_wire(),
            "summary": needed(form, "summary", "请写明情况，咨询师要据此接手。"),
            "disclosureBasis": {"code": basis},
            "retainUntil": needed(form, "retain_until", "请填写保存期限。"),
            "persons": [_person(form)],
        }
        number = needed(form, "incident_no", "请填写警情单号。")
        if number != form.text("suggested"):
            body["incidentNo"] = number
        if form.text("place"):
            body["locations"] = [_place(form, to_wire(self._parts.clock()))]
        if form.text("callback"):
            body["callback"] = {"phone": form.text("callback")}
        return body


def _person(form: Form) -> dict[str, Any]:
    under_14 = one_of(form, "under14", UNDER_14, "请说明当事人是否未满十四周岁。")
    person: dict[str, Any] = {"role": "HELP_SEEKER", "under14": UNDER_14[under_14]}
    optional = {"name": form.text("name"), "phone": form.text("phone"), "gender": form.text("gender")}
    person |= {name: value for name, value in optional.items() if value}
    if form.text("age").isdecimal():
        person["ageYears"] = int(form.text("age"))
    return person


def _place(form: Form, at: str) -> dict[str, Any]:
    method = one_of(form, "method", wording.METHOD, "请选择位置来源。")
    return {"method": method, "confidence": "MEDIUM", "observedAt": at, "text": form.text("place")}
