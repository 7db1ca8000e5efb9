"""The screen pop (弹屏): what several rooms know of a caller before anybody speaks, each within the seat's rights."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from qingting.cases.models import Case
from qingting.cases.permissions import VIEW as VIEW_CASES
from qingting.cases.selectors import visible_to as visible_cases
from qingting.cases.states import CaseState
from qingting.chat.models import Conversation
from qingting.contacts.models import Contact
from qingting.contacts.permissions import VIEW as VIEW_CONTACTS
from qingting.contacts.selectors import visible_to as visible_contacts
from qingting.core.actors import Actor
from qingting.directory.models import CaseCategory
from qingting.staff.selectors import display_names
from qingting.telephony import rules
from qingting.telephony.models import Call, CallbackTask
from qingting.telephony.selectors import Known, earlier_calls, known_of
from qingting.telephony.states import TaskState

MOST = 3  # of each kind: it is read while the telephone rings


@dataclass(frozen=True, slots=True)
class EarlierContact:
    """A record of an earlier talk, without its words; `category` '' where none was registered."""

    contact: Contact
    category: str


@dataclass(frozen=True, slots=True)
class ScreenPop:
    """Everything for one glance: `danger` is the highest level of the last days' earlier calls, '' for none."""

    known: Known
    last_counsellor: str
    danger: str
    contacts: list[EarlierContact]
    cases: list[Case]
    task: CallbackTask | None


def screen_pop(actor: Actor, call: Call, *, at: datetime) -> ScreenPop:
    """What is known of whoever calls: never the number, never a word of an earlier talk."""
    known = known_of(actor, call)
    contacts = _contacts(actor, call, known) if actor.may(VIEW_CONTACTS) else []
    return ScreenPop(
        known=known,
        last_counsellor=display_names({known.last_account_id or 0}).get(known.last_account_id or 0, ""),
        danger=_danger(actor, call, at),
        contacts=_with_categories(contacts[:MOST]),
        cases=_cases(actor, contacts, known) if actor.may(VIEW_CASES) else [],
        task=_task(call),
    )


def _danger(actor: Actor, call: Call, at: datetime) -> str:
    recent = earlier_calls(actor, call).filter(started_at__gte=at - rules.IN_DANGER_FOR)
    levels = set(recent.values_list("danger_level", flat=True))
    return next((level for level in ("CRITICAL", "URGENT") if level in levels), "")


def _contacts(actor: Actor, call: Call, known: Known) -> list[Contact]:
    """By telephone, on the web in the same visit, or of a person who is registered with this number."""
    theirs = Q(call_id__in=earlier_calls(actor, call).values("id")) | Q(seeker_id__in=[pk for pk, _ in known.seekers])
    if call.visit_id:
        theirs |= Q(conversation_id__in=Conversation.objects.filter(visit_id=call.visit_id).values("id"))
    found = visible_contacts(actor).filter(theirs).exclude(call_id=call.id)
    return list(found.order_by("-started_at")[:50])


def _with_categories(contacts: list[Contact]) -> list[EarlierContact]:
    codes = {contact.category for contact in contacts}
    names = dict(CaseCategory.objects.filter(code__in=codes).values_list("code", "name"))
    return [EarlierContact(contact, names.get(contact.category, "")) for contact in contacts]


def _cases(actor: Actor, contacts: list[Contact], known: Known) -> list[Case]:
    of_them = Q(contact_id__in=[contact.id for contact in contacts])
    of_them |= Q(seeker_id__in=[pk for pk, _ in known.seekers])
    running = visible_cases(actor).filter(of_them).exclude(state=CaseState.SIGNED_OFF)
    return list(running.order_by("-opened_at")[:MOST])


def _task(call: Call) -> CallbackTask | None:
    """Whoever was to be called back and calls: nobody need call them any more."""
    if not call.number_index:
        return None
    open_now = CallbackTask.objects.filter(number_index=bytes(call.number_index), state=TaskState.OPEN)
    return open_now.filter(organisation_id=call.organisation_id).first()
