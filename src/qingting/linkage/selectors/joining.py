"""Whether 110 is asking to be brought into a call: read from the journal, so that a page that is loaded anew knows it, too."""

from datetime import datetime
from typing import Any

from qingting.contacts.models import Contact
from qingting.core.models import Entry
from qingting.linkage.models import Handoff
from qingting.telephony.models import Call
from qingting.telephony.states import LegKind

ASKED, DECLINED = "linkage.call-join-asked", "linkage.call-join-declined"


def join_asked(call: Call, *, at: datetime) -> dict[str, Any] | None:
    """{"mode", "until"} while the asking stands: not answered, not run out, and 110 has not come in since. Else None."""
    contacts = Contact.objects.filter(call_id=call.pk).values("pk")
    handoffs = Handoff.objects.filter(case__contact_id__in=contacts).values_list("pk", flat=True)
    about = Entry.objects.filter(subject_kind="handoff", subject_id__in=list(handoffs), name__in=[ASKED, DECLINED])
    last = about.order_by("-pk").first()
    if last is None or last.name == DECLINED or datetime.fromisoformat(last.data["until"]) <= at:
        return None
    if call.legs.filter(kind=LegKind.POLICE_110, joined_at__gte=last.at).exists():
        return None
    return {"mode": last.data["mode"], "until": last.data["until"]}
