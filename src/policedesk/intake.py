"""What the desk does when a message's turn has come. Runs inside the transaction that stores the message."""

from typing import Literal

from deskwire.envelope import Envelope, MessageType
from deskwire.keys import Party
from deskwire.lifecycle import Link
from deskwire.sending import Draft, write
from policedesk.numbers import next_incident_number
from policedesk.store import DeskTransaction
from policedesk.times import to_db

AutoAcknowledge = Literal["none", "drills", "all"]
MACHINE = "AUTO"


class Intake:
    """Turns received messages into incidents; `auto` lets the machine acknowledge, for drills."""

    def __init__(self, me: Party, auto: AutoAcknowledge = "none") -> None:
        self._me = me
        self._auto = auto

    def __call__(self, tx: DeskTransaction, message: Envelope, link: Link) -> None:
        """Act on one message."""
        if message.type is MessageType.HANDOFF:
            open_incident(tx, message, outward=False)
            if self._auto == "all" or (self._auto == "drills" and message.drill):
                self._acknowledge(tx, message, link)
            return
        tx.connection.execute(
            "UPDATE incidents SET changed_at = ?, incident_no = coalesce(?, incident_no) WHERE link_id = ?",
            (to_db(tx.at), message.body.get("incidentNo"), message.link_id),
        )

    def _acknowledge(self, tx: DeskTransaction, message: Envelope, link: Link) -> None:
        number = next_incident_number(tx, self._me.region_code)
        draft = Draft(
            MessageType.ACKNOWLEDGEMENT,
            {"operator": MACHINE, "incidentNo": number},
            in_reply_to=message.message_id,
        )
        answer, after = write(link, draft, self._me, tx.at)
        tx.save_link(after)
        tx.post(answer)
        tx.connection.execute(
            "UPDATE incidents SET incident_no = ?, operator = ? WHERE link_id = ?",
            (number, MACHINE, message.link_id),
        )


def open_incident(tx: DeskTransaction, handoff: Envelope, *, outward: bool) -> None:
    """Enter an incident for a handoff that came in or goes out."""
    body = handoff.body
    urgency = body["listItem"]["urgency"] if "listItem" in body else body["urgency"]
    tx.connection.execute(
        "INSERT INTO incidents (link_id, outward, urgency, began_at, changed_at, reply_by, retain_until, "
        "handoff_id, incident_no) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            handoff.link_id,
            outward,
            urgency,
            to_db(tx.at),
            to_db(tx.at),
            to_db(handoff.reply_by) if handoff.reply_by else None,
            body["retainUntil"],
            handoff.message_id,
            body.get("incidentNo"),
        ),
    )
