"""What a page gets of calls, as JSON. Never a number: at most its last two digits."""

from typing import Any

from qingting.telephony.models import Call, CallAct, CallbackTask, KeyQuestion, Leg, Recording
from qingting.telephony.selectors import Known
from qingting.telephony.services import Issued
from qingting.telephony.states import CallState, TaskReason


def account_shape(issued: Issued) -> dict[str, Any]:
    """Everything a softphone needs; ids are text, because 64 bits do not fit a browser's number."""
    return {
        "username": issued.username,
        "password": issued.password,
        "realm": "hotline",
        "uri": f"sip:{issued.username}@hotline",
        "socket": f"/telephony/sip?pass={issued.socket_pass}",
        "expires_at": issued.expires_at.isoformat(),
        "ice_servers": issued.ice_servers,
    }


def call_shape(call: Call, legs: list[Leg], names: dict[int, str], *, asked_by: int = 0) -> dict[str, Any]:
    """One call with everybody in it now. `names`: what colleagues are called, by account; asked_by: who asks us in."""
    return {
        "id": str(call.id),
        "direction": call.direction,
        "state": call.state,
        "state_label": CallState(call.state).label,
        "number": call.shown_number,
        "skill": call.skill,
        "danger_level": call.danger_level,
        "account_id": str(call.account_id or ""),
        "counsellor": names.get(call.account_id or 0, ""),
        "asked_by": names.get(asked_by, ""),
        "started_at": call.started_at.isoformat(),
        "answered_at": call.answered_at.isoformat() if call.answered_at else None,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "outcome": call.outcome,
        "silent": call.silent_at is not None,
        "legs": [leg_shape(leg, names) for leg in legs],
    }


def leg_shape(leg: Leg, names: dict[int, str]) -> dict[str, Any]:
    """Somebody in the call."""
    return {
        "id": str(leg.id),
        "kind": leg.kind,
        "kind_label": leg.get_kind_display(),
        "mode": leg.mode,
        "mode_label": leg.get_mode_display(),
        "name": names.get(leg.account_id or 0, ""),
        "account_id": str(leg.account_id or ""),
        "joined_at": leg.joined_at.isoformat(),
    }


def question_shape(row: KeyQuestion) -> dict[str, Any]:
    """A question played to a caller who can't speak; `answer` is YES, NO, NONE or '' while it is waited for."""
    return {
        "id": str(row.id),
        "question": row.question,
        "question_label": row.get_question_display(),
        "answer": row.answer,
        "answer_label": row.get_answer_display(),
    }


def known_shape(known: Known, names: dict[int, str]) -> dict[str, Any]:
    """The screen pop."""
    return {
        "number": known.number,
        "earlier_calls": known.earlier_calls,
        "silent_calls": known.silent_calls,
        "last_at": known.last_at.isoformat() if known.last_at else None,
        "last_counsellor": names.get(known.last_account_id or 0, ""),
        "danger_level": known.danger_level,
        "seekers": [{"id": str(pk), "pseudonym": pseudonym} for pk, pseudonym in known.seekers],
    }


def act_shape(act: CallAct) -> dict[str, Any]:
    """What was asked, and what came of it."""
    return {"id": str(act.id), "kind": act.kind, "state": act.state, "problem": act.problem}


def task_shape(task: CallbackTask) -> dict[str, Any]:
    """Somebody to call back."""
    return {
        "id": str(task.id),
        "number": task.shown_number,
        "reason": task.reason,
        "reason_label": TaskReason(task.reason).label,
        "danger_level": task.danger_level,
        "attempts": task.attempts,
        "not_before": task.not_before.isoformat(),
        "created_at": task.created_at.isoformat(),
    }


def recording_shape(recording: Recording, names: dict[int, str]) -> dict[str, Any]:
    """One voice of a call, or a message; the sound itself is at `/telephony/recordings/{id}/sound`."""
    return {
        "id": str(recording.id),
        "kind": recording.kind,
        "kind_label": recording.get_kind_display(),
        "name": names.get(recording.account_id or 0, ""),
        "began_at": recording.began_at.isoformat() if recording.began_at else None,
        "whispered": recording.whispered,
        "seconds": recording.seconds,
        "recorded_at": recording.recorded_at.isoformat(),
        "delete_after": recording.delete_after.isoformat(),
        "legal_hold": recording.legal_hold,
    }
