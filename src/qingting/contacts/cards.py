"""What the start page shows of contact records: one's own that are not registered yet."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.contacts.models import Contact
from qingting.contacts.permissions import RECORD
from qingting.contacts.selectors import within
from qingting.contacts.states import ContactState
from qingting.core.actors import Actor
from qingting.core.time import local

MOST = 5


def drafts(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Records still to be completed, those of conversations that are over first."""
    if not actor.may(RECORD):
        return None
    mine = within(actor).filter(account_id=actor.account_id, state=ContactState.DRAFT)
    newest = mine.defer("draft", "summary").order_by("-started_at")[: 4 * MOST]
    found = sorted(newest, key=lambda contact: contact.ended_at is None)
    return {
        "title": "待完成的登记",
        "template": "workbench/cards/rows.html",
        "url": f"{reverse('contacts:list')}?state=DRAFT&mine=on",
        "push": "contacts.* chat.ended telephony.call-ended",
        "context": {
            "rows": [_row(contact) for contact in found[:MOST]],
            "more": len(found) > MOST,
            "empty": ("record", "登记都完成了", "每次会话都会自动开始一条登记，没写完的会留在这里等您。"),
        },
    }


def _row(contact: Contact) -> dict[str, Any]:
    over = contact.ended_at is not None or not (contact.conversation_id or contact.call_id)
    return {
        "title": f"{contact.get_channel_display()} {local(contact.started_at):%m-%d %H:%M}",
        "line": "会话已结束，请补完登记" if over else "会话还在进行",
        "url": reverse("contacts:detail", args=[contact.pk]),
        "level": contact.risk_level,
        "level_label": contact.get_risk_level_display(),
    }
