"""What an operator does, one transaction each: the message to 12355 together with the desk's own record."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deskwire.envelope import Envelope, MessageType
from deskwire.keys import Party
from deskwire.moments import Clock, to_wire
from deskwire.problems import ProblemError
from deskwire.sending import Draft, new_link, write
from deskwire.timers import ACKNOWLEDGE_WITHIN
from policedesk.intake import open_incident
from policedesk.numbers import next_incident_number
from policedesk.store import DeskStore, DeskTransaction
from policedesk.times import to_db

INVITE_LASTS = timedelta(minutes=5)
"""How long 12355 may still bring this desk into a call it asked for; product default."""


class RefusedError(Exception):
    """The desk will not do that; its text says why and what to do next, in Chinese."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, on which link; `message_id` comes from the form, so that a second click does nothing."""

    operator: str
    link_id: str
    message_id: str


class Desk:
    """The acts of the desk's operators."""

    def __init__(self, store: DeskStore, me: Party, peer: Party, clock: Clock) -> None:
        self._store = store
        self._me = me
        self._peer = peer
        self._clock = clock

    def acknowledge(self, act: Act, *, incident_no: str = "", text: str = "") -> str:
        """签收 a case; returns the incident number, a new one when none is given."""
        with self._store.transaction(act.link_id) as tx:
            number = incident_no or next_incident_number(tx, self._me.region_code)
            body = _with_text({"operator": act.operator, "incidentNo": number}, text)
            self._answer(tx, act, MessageType.ACKNOWLEDGEMENT, body)
            tx.connection.execute(
                "UPDATE incidents SET incident_no = ?, operator = ? WHERE link_id = ?",
                (number, act.operator, act.link_id),
            )
        return number

    def reject(self, act: Act, *, reason: str, text: str) -> None:
        """Refuse a case, with a reason."""
        with self._store.transaction(act.link_id) as tx:
            body = {"reason": reason, "text": text, "operator": act.operator}
            self._answer(tx, act, MessageType.REJECTION, body)

    def report_progress(self, act: Act, *, stage: str, text: str = "") -> None:
        """Tell 12355 what is being done."""
        with self._store.transaction(act.link_id) as tx:
            body = _with_text({"stage": stage, "at": to_wire(self._clock()), "operator": act.operator}, text)
            self._answer(tx, act, MessageType.PROGRESS, body)

    def report_result(self, act: Act, *, outcome: str, reached: bool | None, text: str = "") -> None:
        """Tell 12355 how it ended, and whether officers have seen the person themselves."""
        body: dict[str, Any] = {
            "status": "failed" if outcome == "NOT_FOUND" else "completed",
            "outcome": outcome,
            "officersReachedPerson": reached,
            "at": to_wire(self._clock()),
            "operator": act.operator,
        }
        with self._store.transaction(act.link_id) as tx:
            self._answer(tx, act, MessageType.RESULT, _with_text(body, text))

    def add_note(self, act: Act, *, text: str) -> None:
        """Tell 12355 what else is known."""
        with self._store.transaction(act.link_id) as tx:
            self._answer(tx, act, MessageType.NOTE, {"text": text, "operator": act.operator})

    def ask_into_call(self, act: Act, *, room: str, listen_only: bool) -> None:
        """Ask 12355 to bring this desk into the talk that goes on: they dial `room`, a `sip:` or `tel:` address of ours."""
        body: dict[str, Any] = {
            "purpose": "THREE_WAY_CALL",
            "room": {"uri": room},
            "validUntil": to_wire(self._clock() + INVITE_LASTS),
        }
        if listen_only:
            body["listenOnly"] = [self._me.desk]
        with self._store.transaction(act.link_id) as tx:
            self._answer(tx, act, MessageType.CALL_INVITE, body)

    def cancel(self, act: Act, *, reason: str, text: str) -> None:
        """Take back a case that this desk handed to 12355."""
        with self._store.transaction(act.link_id) as tx:
            body = {"reason": reason, "text": text, "operator": act.operator}
            self._answer(tx, act, MessageType.CANCELLATION, body)

    def hand_off(self, act: Act, *, body: dict[str, Any], drill: bool = False) -> None:
        """Hand an incident of this desk over to 12355; it gets a new incident number when `body` has none."""
        reply_by = self._clock() + ACKNOWLEDGE_WITHIN[body["listItem"]["urgency"]]
        with self._store.transaction(act.link_id) as tx:
            if _was_written(tx, act.message_id):
                return
            number = body.get("incidentNo") or next_incident_number(tx, self._me.region_code)
            content = {**body, "incidentNo": number}
            draft = Draft(MessageType.HANDOFF, content, reply_by=reply_by, drill=drill, message_id=act.message_id)
            message = self._write(tx, act.link_id, draft)
            open_incident(tx, message, outward=True)
            tx.connection.execute("UPDATE incidents SET operator = ? WHERE link_id = ?", (act.operator, act.link_id))

    def send_again(self, link_id: str, message_id: str) -> None:
        """Try a message again that 12355 refused, after the cause was removed."""
        with self._store.transaction(link_id) as tx:
            tx.connection.execute(
                "UPDATE sent SET state = 'waiting', attempts = 0, due = ?, error = '' "
                "WHERE message_id = ? AND state = 'refused'",
                (to_db(tx.at), message_id),
            )

    def erase_expired(self) -> int:
        """Erase what ended cases said about people once their retention has run out; returns how many.

        Ids, digests and the incident number stay, so that the history can still be followed.
        """
        today = self._clock().date().isoformat()
        with self._store.database.read() as connection:
            due = connection.execute(
                "SELECT i.link_id FROM incidents i JOIN links l USING (link_id) "
                "WHERE i.erased = 0 AND i.retain_until < ? "
                "AND (l.cancelled = 1 OR l.half IN ('completed', 'failed', 'rejected')) AND NOT EXISTS "
                "(SELECT 1 FROM sent s WHERE s.link_id = i.link_id AND s.state <> 'delivered')",
                (today,),
            ).fetchall()
        for row in due:
            with self._store.transaction(row["link_id"]) as tx:
                _erase(tx, row["link_id"])
        return len(due)

    def _answer(self, tx: DeskTransaction, act: Act, type_: MessageType, body: dict[str, Any]) -> None:
        if _was_written(tx, act.message_id):
            return
        row = tx.connection.execute("SELECT handoff_id FROM incidents WHERE link_id = ?", (act.link_id,)).fetchone()
        if row is None:
            raise RefusedError("没有这条警情。请返回列表重新选择。")
        self._write(tx, act.link_id, Draft(type_, body, row["handoff_id"], message_id=act.message_id))
        tx.connection.execute("UPDATE incidents SET changed_at = ? WHERE link_id = ?", (to_db(tx.at), act.link_id))

    def _write(self, tx: DeskTransaction, link_id: str, draft: Draft) -> Envelope:
        link = tx.find_link(link_id) or new_link(self._peer, link_id)
        try:
            message, after = write(link, draft, self._me, tx.at)
        except ProblemError as problem:
            raise RefusedError(_why(problem)) from problem
        tx.save_link(after)
        tx.post(message)
        return message


def _was_written(tx: DeskTransaction, message_id: str) -> bool:
    return bool(tx.connection.execute("SELECT 1 FROM sent WHERE message_id = ?", (message_id,)).fetchone())


def _with_text(body: dict[str, Any], text: str) -> dict[str, Any]:
    return {**body, "text": text} if text else body


def _why(problem: ProblemError) -> str:
    if problem.code == "out-of-state":
        return "这条警情的状态已经变化，不能再做这一步。请看最新情况后再操作。"
    places = "、".join(sorted({fault["path"] for fault in problem.more.get("errors", [])}))
    return f"有内容不符合联动协议，未发送。请检查后重试（{places}）。"


def _erase(tx: DeskTransaction, link_id: str) -> None:
    for statement in (
        "UPDATE received SET document = json_set(document, '$.body', json('{}')) WHERE link_id = ?",
        "UPDATE sent SET document = json_set(document, '$.body', json('{}')) WHERE link_id = ?",
    ):
        tx.connection.execute(statement, (link_id,))
    tx.connection.execute("UPDATE incidents SET erased = 1 WHERE link_id = ?", (link_id,))
