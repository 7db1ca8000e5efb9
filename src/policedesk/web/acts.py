"""What operators do to an incident: each form becomes one service call."""

import uuid
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from policedesk import wording
from policedesk.desk import Parts
from policedesk.operators import Operator
from policedesk.services import Act, RefusedError
from policedesk.web.pages import Views
from policedesk.web.security import Form

REACHED: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}


class Acts:
    """The forms of an incident's page."""

    def __init__(self, parts: Parts, views: Views) -> None:
        self._desk = parts.desk
        self._room = f"sip:{parts.settings.telephone_user}@hotline" if parts.settings.telephone_address else ""
        self._views = views

    def submit(self, request: Request, operator: Operator, form: Form) -> Response:
        """Do what a form says, then show the incident again; a refusal keeps what was typed."""
        link_id, kind = str(request.path_params["link_id"]), request.path_params["kind"]
        if kind not in self._kinds():
            raise HTTPException(404, "没有这一步。")
        try:
            act = Act(operator.code, link_id, message_id(form))
            self._kinds()[kind](act, form)
        except RefusedError as refusal:
            return self._views.show(link_id, operator, error=str(refusal), values=form.values)
        return RedirectResponse(f"/incidents/{link_id}?done={kind}", 303)

    def send_again(self, request: Request, _operator: Operator, _form: Form) -> Response:
        """Put a refused message back into the outbox."""
        link_id = str(request.path_params["link_id"])
        self._desk.send_again(link_id, str(request.path_params["message_id"]))
        return RedirectResponse(f"/incidents/{link_id}?done=again", 303)

    def _kinds(self) -> dict[str, Callable[[Act, Form], Any]]:
        return {
            "acknowledgement": self._acknowledge,
            "rejection": self._reject,
            "progress": self._progress,
            "result": self._result,
            "note": self._note,
            "cancellation": self._cancel,
            "call-request": self._ask_into_call,
        }

    def _acknowledge(self, act: Act, form: Form) -> None:
        number = form.text("incident_no")
        chosen = "" if number == form.text("suggested") else number
        self._desk.acknowledge(act, incident_no=chosen, text=form.text("text"))

    def _reject(self, act: Act, form: Form) -> None:
        reason = one_of(form, "reason", wording.REJECTION, "请选择退回原因。")
        self._desk.reject(act, reason=reason, text=needed(form, "text", "请写明退回的理由，12355 要据此处理。"))

    def _progress(self, act: Act, form: Form) -> None:
        stage = one_of(form, "stage", wording.STAGE, "请选择进展。")
        text = needed(form, "text", "选择“其他进展”时请写明情况。") if stage == "OTHER" else form.text("text")
        self._desk.report_progress(act, stage=stage, text=text)

    def _result(self, act: Act, form: Form) -> None:
        outcome = one_of(form, "outcome", wording.OUTCOME, "请选择处置结果。")
        reached = one_of(form, "reached", REACHED, "请确认民警是否已见到本人。")
        self._desk.report_result(act, outcome=outcome, reached=REACHED[reached], text=form.text("text"))

    def _note(self, act: Act, form: Form) -> None:
        self._desk.add_note(act, text=needed(form, "text", "请写明要补充的内容。"))

    def _ask_into_call(self, act: Act, form: Form) -> None:
        if not self._room:
            raise RefusedError("本台没有接电话，不能加入通话。请拨打 12355 联系咨询师。")
        self._desk.ask_into_call(act, room=self._room, listen_only=bool(form.text("listen")))

    def _cancel(self, act: Act, form: Form) -> None:
        reason = one_of(form, "reason", wording.CANCELLATION, "请选择撤回原因。")
        self._desk.cancel(act, reason=reason, text=needed(form, "text", "请写明撤回的理由。"))


def message_id(form: Form) -> str:
    """Return the id that the form's page made, so that a second click is the same message."""
    try:
        return str(uuid.UUID(form.text("message_id")))
    except ValueError as error:
        raise RefusedError("页面已过期，请刷新后重试。") from error


def needed(form: Form, name: str, missing: str) -> str:
    """Return a field that must not be empty."""
    text = form.text(name)
    if not text:
        raise RefusedError(missing)
    return text


def one_of(form: Form, name: str, choices: Any, missing: str) -> str:
    """Return a field that must be one of some codes."""
    code = form.text(name)
    if code not in choices:
        raise RefusedError(missing)
    return code
