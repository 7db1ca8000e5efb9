"""The record itself: opened, typed, registered, amended, passed on, joined with a person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qingting.contacts import rules
from qingting.contacts.events import (
    ContactAmended,
    ContactCompleted,
    ContactEvent,
    ContactOpened,
    ContactPassedOn,
    SeekerLinked,
)
from qingting.contacts.models import Contact
from qingting.contacts.permissions import RECORD
from qingting.contacts.selectors import form_values, stored_values, visible_to, within
from qingting.contacts.states import Channel, ContactState
from qingting.core import drafts
from qingting.core.actors import Actor
from qingting.core.at_once import UNLESS_THERE, store
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.directory.selectors import category_is_known, division_is_known
from qingting.seekers import services as seekers
from qingting.seekers.selectors import seeker_of

# Recorded by hand (补录), these are the ways in that leave no conversation of their own.
BY_HAND = frozenset(
    {Channel.WALK_IN, Channel.OUTREACH, Channel.PHONE, Channel.LEFT_MESSAGE, Channel.REFERRED, Channel.WECHAT}
)
OLDEST_BY_HAND = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a contact began. conversation_id or call_id: the talk it belongs to; neither for a hand-recorded one."""

    channel: str
    started_at: datetime
    conversation_id: int | None = None
    call_id: int | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def wait_seconds(self) -> int | None:
        """From the start to the answer."""
        if self.answered_at is None:
            return None
        return max(0, int((self.answered_at - self.started_at).total_seconds()))


@transaction.atomic(savepoint=False)
def open_contact(*, actor: Actor, beginning: Beginning, at: datetime) -> Contact:
    """Open the record of a contact; a second call for the same conversation gives the same record.

    The actor's account becomes its first-contact owner (首问负责). Needs `contacts.record`.
    """
    actor.require(RECORD)
    fields = _beginning(actor, beginning)
    talk = {"conversation_id": beginning.conversation_id, "call_id": beginning.call_id}
    contact = Contact(**fields, **talk)
    opened = ContactOpened(**_told(contact), channel=contact.channel)
    if store([contact], [opened], actor=actor, provided=UNLESS_THERE, at=at):
        return contact
    return Contact.objects.get(**{name: value for name, value in talk.items() if value})


def _beginning(actor: Actor, beginning: Beginning) -> dict[str, Any]:
    return {
        "organisation_id": actor.organisation_id,
        "province": actor.province,
        "channel": beginning.channel,
        "account_id": actor.account_id,
        "first_contact_owner_account_id": actor.account_id,
        "started_at": beginning.started_at,
        "answered_at": beginning.answered_at,
        "ended_at": beginning.ended_at,
        "wait_seconds": beginning.wait_seconds,
    }


def _told(contact: Contact) -> dict[str, Any]:
    return {
        "organisation_id": contact.organisation_id,
        "province": contact.province,
        "contact_id": contact.pk,
        "conversation_id": contact.conversation_id or 0,
        "call_id": contact.call_id or 0,
    }


@transaction.atomic
def record_walk_in(
    *, actor: Actor, channel: str, started_at: datetime, at: datetime, ended_at: datetime | None = None
) -> Contact:
    """Record a contact by hand, also later (补录); its fields are filled in afterwards like any other's.

    Raises Invalid for a way in that records itself, for times in the future, in the wrong order or over a year ago.
    """
    beginning = _by_hand(channel, started_at, ended_at, at)
    return open_contact(actor=actor, beginning=beginning, at=at)


def _by_hand(channel: str, started_at: datetime, ended_at: datetime | None, at: datetime) -> Beginning:
    if channel not in BY_HAND:
        raise Invalid(
            "这种渠道的记录由系统自动生成，不能手工补录。",
            code="contacts.walk-in.channel",
            do_next="请选择到站、外展、电话等渠道。",
            fields={"channel": "不能手工补录"},
        )
    end = ended_at or started_at
    if not at - OLDEST_BY_HAND <= started_at <= end <= at:
        raise Invalid(
            "补录的时间不对：应在一年之内、不晚于现在，且结束不早于开始。",
            code="contacts.walk-in.times",
            do_next="请核对开始和结束时间。",
            fields={"started_at": "应在一年之内、不晚于现在，且不晚于结束时间"},
        )
    return Beginning(channel, started_at, answered_at=started_at, ended_at=ended_at)


@dataclass(frozen=True, slots=True)
class TakenDown:
    """A whole contact as another system took it down: its way in, when, and the fields of the form."""

    channel: str
    started_at: datetime
    ended_at: datetime | None
    fields: Mapping[str, Any]


def drawn_up(*, actor: Actor, taken: TakenDown, at: datetime) -> tuple[Contact, list[ContactEvent]]:
    """What `record_walk_in` and `complete_contact` would store and tell, not stored yet: for a statement that writes it
    together with what follows from it. Same refusals. The person behind it is not recorded."""
    actor.require(RECORD)
    contact = Contact(**_beginning(actor, _by_hand(taken.channel, taken.started_at, taken.ended_at, at)))
    values = _right({**form_values(contact), **rules.only_known(taken.fields)})
    _fill(contact, values, at)
    contact.state, contact.completed_at = ContactState.COMPLETED, at
    return contact, [ContactOpened(**_told(contact), channel=contact.channel), _completed(contact)]


@transaction.atomic
def note_ended(*, actor: Actor, at: datetime, **talk: int) -> None:
    """The conversation is over. The conversation's own event tells it, so there is none here."""
    within(actor).filter(**talk, ended_at=None).update(ended_at=at)


@transaction.atomic
def pass_on(*, actor: Actor, to_account_id: int, at: datetime, **talk: int) -> None:
    """Another counsellor accepted the talk (`conversation_id=` or `call_id=`) and owns its record from now on."""
    contact = within(actor).select_for_update().filter(**talk).first()
    if contact is None or contact.account_id == to_account_id:
        return
    contact.account_id = contact.first_contact_owner_account_id = to_account_id
    contact.save(update_fields=["account_id", "first_contact_owner_account_id"])
    publish(ContactPassedOn(**_told(contact), to_account_id=to_account_id), actor=actor, at=at)


@transaction.atomic
def take_up(*, actor: Actor, contact_id: int, at: datetime) -> Contact:
    """Become the owner (首问负责) of a contact that arrived while nobody was there to own it. One that has an owner keeps it."""
    contact = _locked(actor, contact_id)
    if contact.first_contact_owner_account_id:
        return contact
    contact.account_id = contact.first_contact_owner_account_id = actor.account_id
    contact.save(update_fields=["account_id", "first_contact_owner_account_id"])
    publish(ContactPassedOn(**_told(contact), to_account_id=actor.account_id), actor=actor, at=at)
    return contact


def _locked(actor: Actor, contact_id: int) -> Contact:
    """The contact, locked. Those it was opened to may read, not write."""
    found = within(actor).select_for_update().filter(pk=contact_id).first()
    if found is None:
        seen = visible_to(actor).filter(pk=contact_id).first()
        raise _read_only() if seen else not_found("接触记录", "contacts.contact.not-found")
    actor.require(RECORD, found.organisation_id)
    return found


def _read_only() -> DomainError:
    return DomainError(
        "这条接触记录属于其他单位，您可以查看，不能修改。",
        code="contacts.contact.read-only",
        do_next="需要补充时，请在个案中写明情况，或联系登记单位。",
    )


@transaction.atomic
def save_draft(
    *, actor: Actor, contact_id: int, data: Mapping[str, Any], version: int, at: datetime, tab: str = ""
) -> Contact:
    """Keep whatever has been typed, right or wrong, merged field by field (see `core.drafts`). Fields the form does not
    have are dropped. A draft is not an act, so the journal does not hear of it.

    version: the draft's version the window was opened with; tab: the window's own name. Raises Invalid when too long.
    """
    contact = _locked(actor, contact_id)
    typed = drafts.Typed(rules.only_known(data), version, tab)
    before = form_values(contact)
    _merge(contact, typed, at)
    _tell_the_seeker(contact, before, actor, at)
    return contact


def _merge(contact: Contact, typed: drafts.Typed, at: datetime) -> None:
    number = contact.draft_version + 1
    merged = drafts.merged(contact.draft, typed, version=number, origin=stored_values(contact))
    if len(json.dumps(merged, ensure_ascii=False)) > rules.DRAFT_LONGEST:
        raise Invalid(
            "这份记录太长了，新输入的部分没有保存。",
            code="contacts.draft.too-long",
            do_next="请精简摘要；逐字的对话已保存在会话记录里，不必抄录。",
        )
    if merged != contact.draft:
        contact.draft, contact.draft_version = merged, number
    contact.draft_saved_at = at
    contact.save(update_fields=["draft", "draft_version", "draft_saved_at"])


def _known_of_seeker(values: Mapping[str, Any]) -> dict[str, Any]:
    """Age band, gender and groups as far as they are told and right; what was not asked changes nothing."""
    known, _ = rules.cleaned({name: values[name] for name in rules.OF_THE_SEEKER})
    return {name: value for name, value in known.items() if value}


def _tell_the_seeker(contact: Contact, before: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """What is typed about the person counts for the vault at once: under 14 it asks for a ground."""
    after = _known_of_seeker(form_values(contact))
    if contact.seeker_id and after != _known_of_seeker(before):
        seekers.describe_seeker(actor=actor, seeker_id=contact.seeker_id, at=at, **after)


@transaction.atomic
def seeker_for_contact(*, actor: Actor, contact_id: int, at: datetime) -> int:
    """The id of the contact's seeker; recorded now, with what the form says, where there is none yet."""
    contact = _locked(actor, contact_id)
    return contact.seeker_id or _record_seeker(contact, actor, at)


def _record_seeker(contact: Contact, actor: Actor, at: datetime) -> int:
    seeker = seekers.record_seeker(actor=actor, at=at, **_known_of_seeker(form_values(contact)))
    contact.seeker_id = seeker.pk
    contact.save(update_fields=["seeker_id"])
    publish(SeekerLinked(**_told(contact), seeker_id=seeker.pk), actor=actor, at=at)
    return seeker.pk


@transaction.atomic
def link_seeker(*, actor: Actor, contact_id: int, seeker_id: int, at: datetime) -> Contact:
    """Say that the person is one already known (a returning seeker found by phone)."""
    contact = _locked(actor, contact_id)
    seeker = seeker_of(actor, seeker_id)
    if contact.seeker_id != seeker.pk:
        contact.seeker_id = seeker.pk
        contact.save(update_fields=["seeker_id"])
        publish(SeekerLinked(**_told(contact), seeker_id=seeker.pk), actor=actor, at=at)
    return contact


@transaction.atomic
def separate_contact(*, actor: Actor, contact_id: int, at: datetime) -> Contact:
    """Somebody else was speaking (拆分): the contact, and the case that came from it, get a record of their own. What the vault
    holds stays with the person it was stored for. Undone by `link_seeker`. Raises DomainError where it has no person yet."""
    contact = _locked(actor, contact_id)
    if contact.seeker_id is None:
        raise DomainError("这条记录还没有关联来访者。", code="contacts.contact.nobody", do_next="请先登记来访者。")
    contact.seeker_id = None
    _record_seeker(contact, actor, at)
    return contact


@transaction.atomic
def complete_contact(
    *, actor: Actor, contact_id: int, data: Mapping[str, Any], at: datetime, keep_seeker: bool = True
) -> Contact:
    """Register the contact from its draft and, over it, `data`. Fields that were not asked stay empty.

    keep_seeker: also record the person (under a pseudonym) or bring the record up to date. Raises Invalid naming what is
    missing, DomainError when it is registered already.
    """
    contact = _locked(actor, contact_id)
    if contact.state != ContactState.DRAFT:
        raise DomainError(
            "这条记录已经登记过了。",
            code="contacts.contact.completed",
            do_next="如需更正，请修改后选择“保存补充”。",
        )
    values = _right({**form_values(contact), **rules.only_known(data)})
    _store(contact, values, at)
    contact.state, contact.completed_at = ContactState.COMPLETED, at
    contact.save(update_fields=["state", "completed_at"])
    if keep_seeker or contact.seeker_id:
        _keep_seeker(contact, actor, at)
    publish(_completed(contact), actor=actor, at=at)
    return contact


def _right(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Values that may be stored, or Invalid with the labels of what is missing or wrong."""
    values, problems = rules.cleaned(typed)
    problems |= _unknown_codes(values)
    missing = [name for name in rules.missing(values) if name not in problems]
    said = [f"还差：{'、'.join(rules.LABELS[name] for name in missing)}。"] if missing else []
    said += [f"{rules.LABELS[name]}{why}。" for name, why in problems.items()]
    if said:
        raise Invalid(
            "".join(said),
            code="contacts.contact.incomplete",
            do_next="已输入的内容都在，补上后再提交。没问到的其他项目可以空着。",
            fields={**dict.fromkeys(missing, "未填写"), **problems},
        )
    return values


def _unknown_codes(values: Mapping[str, Any]) -> dict[str, str]:
    problems = {}
    if values.get("category") and not category_is_known(values["category"]):
        problems["category"] = "不在案由表中"
    for name in ("declared_division", "number_division"):
        if values.get(name) and not division_is_known(values[name]):
            problems[name] = "不在行政区划表中"
    return problems


def _store(contact: Contact, values: Mapping[str, Any], at: datetime) -> None:
    _fill(contact, values, at)
    contact.save()


def _fill(contact: Contact, values: Mapping[str, Any], at: datetime) -> None:
    """Set the fields; the draft is then empty, and its version goes on counting."""
    for name, value in values.items():
        setattr(contact, name, value)
    contact.draft, contact.draft_saved_at = {}, at
    contact.draft_version += 1


def _keep_seeker(contact: Contact, actor: Actor, at: datetime) -> None:
    if contact.seeker_id:
        known = _known_of_seeker(stored_values(contact))
        seekers.describe_seeker(actor=actor, seeker_id=contact.seeker_id, at=at, **known)
    else:
        _record_seeker(contact, actor, at)


def _completed(contact: Contact) -> ContactCompleted:
    return ContactCompleted(
        **_told(contact),
        channel=contact.channel,
        category=contact.category,
        risk_level=contact.risk_level,
        age_band=contact.age_band,
        gender=contact.gender,
        caller_kind=contact.caller_kind,
        division=contact.declared_division,
    )


@transaction.atomic
def amend_contact(*, actor: Actor, contact_id: int, changes: Mapping[str, Any], at: datetime) -> Contact:
    """Correct or add to a registered contact, from its draft and, over it, `changes`. The journal names the fields."""
    contact = _locked(actor, contact_id)
    if contact.state != ContactState.COMPLETED:
        raise DomainError(
            "这条记录还没有完成登记。",
            code="contacts.contact.not-completed",
            do_next="请先完成登记，之后才能补充。",
        )
    values = _right({**form_values(contact), **rules.only_known(changes)})
    changed = [name for name in rules.FIELDS if getattr(contact, name) != values[name]]
    _store(contact, values, at)
    if changed:
        if contact.seeker_id:
            _keep_seeker(contact, actor, at)
        publish(ContactAmended(**_told(contact), fields=changed), actor=actor, at=at)
    return contact


@transaction.atomic
def note_risk_level(*, actor: Actor, contact_id: int, level: str, at: datetime) -> Contact:
    """A person judged the danger: the contact's risk level follows, in the draft or, once registered, in the record."""
    contact = _locked(actor, contact_id)
    _merge(contact, drafts.Typed({"risk_level": level}, contact.draft_version, "risk"), at)
    if contact.state == ContactState.COMPLETED and contact.risk_level != level:
        Contact.objects.filter(pk=contact.pk).update(risk_level=level)
        contact.risk_level = level
        publish(ContactAmended(**_told(contact), fields=["risk_level"]), actor=actor, at=at)
    return contact
