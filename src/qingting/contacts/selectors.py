"""Reading contact records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet

from qingting.contacts import rules
from qingting.contacts.models import Contact
from qingting.contacts.permissions import VIEW
from qingting.core import drafts
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.grants import opened_to

PAGE = 30


def within(actor: Actor) -> QuerySet[Contact]:
    """Contacts of the actor's organisations, with their ids written out: the planner knows them, which the wall's settings it
    does not."""
    if actor.scope.everything:
        return Contact.objects.all()
    ids = ",".join(str(int(i)) for i in sorted(actor.scope.organisations))
    template = "%(expressions)s = ANY('{%(ids)s}'::bigint[])"
    here = Func(F("organisation_id"), template=template, ids=ids, output_field=BooleanField())
    return Contact.objects.filter(here)


def visible_to(actor: Actor) -> QuerySet[Contact]:
    """The same, and those opened to the actor's organisations."""
    if actor.scope.everything:
        return Contact.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return Contact.objects.filter(own | Q(pk__in=opened_to(actor.scope.organisations, "contact")))


def contact_of(actor: Actor, contact_id: int) -> Contact:
    """One contact; NotFound where there is none within the actor's sight, NotAllowed without `contacts.view`."""
    actor.require(VIEW)
    found = visible_to(actor).filter(pk=contact_id).first()
    if found is None:
        raise not_found("接触记录", "contacts.contact.not-found")
    return found


def contact_for_conversation(actor: Actor, conversation_id: int) -> Contact | None:
    """The contact that belongs to a conversation, or None where there is none in sight."""
    actor.require(VIEW)
    return visible_to(actor).filter(conversation_id=conversation_id).first()


def contact_for_call(actor: Actor, call_id: int) -> Contact | None:
    """The record of a telephone call, once somebody has answered it."""
    actor.require(VIEW)
    return visible_to(actor).filter(call_id=call_id).first()


def form_values(contact: Contact) -> dict[str, Any]:
    """What the form shows: the stored fields, and over them whatever is typed and not registered yet."""
    return {**stored_values(contact), **drafts.values(contact.draft)}


def stored_values(contact: Contact) -> dict[str, Any]:
    """The stored fields in the form a page sends them."""
    return rules.as_typed({name: getattr(contact, name) for name in rules.FIELDS})


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What a list asks for; an empty value does not narrow it. since and until bound the start; `mine`: one's own only."""

    state: str = ""
    channel: str = ""
    category: str = ""
    risk_level: str = ""
    since: datetime | None = None
    until: datetime | None = None
    mine: bool = False
    seeker_id: int = 0


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One page of a list. Pages are not counted: that would read every contact of a nation."""

    contacts: list[Contact]
    number: int
    has_next: bool


def _conditions(actor: Actor, asked: ContactFilter) -> Iterable[Q]:
    exact = {name: getattr(asked, name) for name in ("state", "channel", "risk_level")}
    yield Q(**{name: value for name, value in exact.items() if value})
    if asked.category:
        yield Q(category=asked.category) | Q(category__startswith=f"{asked.category}_")
    if asked.since:
        yield Q(started_at__gte=asked.since)
    if asked.until:
        yield Q(started_at__lt=asked.until)
    if asked.mine:
        yield Q(account_id=actor.account_id)
    if asked.seeker_id:
        yield Q(seeker_id=asked.seeker_id)


def contacts_list(actor: Actor, asked: ContactFilter, page: int = 1) -> ContactPage:
    """Contacts within the actor's organisations, the newest first; one query. `page` counts from 1."""
    actor.require(VIEW)
    number = max(1, page)
    contacts = within(actor).filter(*_conditions(actor, asked)).defer("draft", "summary")
    start = (number - 1) * PAGE
    rows = list(contacts.order_by("-started_at", "-pk")[start : start + PAGE + 1])
    return ContactPage(rows[:PAGE], number, len(rows) > PAGE)
