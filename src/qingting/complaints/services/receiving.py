"""Taking a complaint: from a stranger at the portal, behind a rating link, or written down by whoever heard it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.cases.selectors import case_of
from qingting.complaints import rules, selectors
from qingting.complaints.events import ComplaintReceived
from qingting.complaints.models import Complaint, ComplaintNote
from qingting.complaints.permissions import RECORD
from qingting.complaints.services.steps import begin_clock, event_of, keep_words, tell_handlers
from qingting.complaints.states import About, Source
from qingting.core.actors import Actor, system_for
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory import selectors as directory
from qingting.directory.states import ClockKind


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """What is said: about what, whose work (an organisation), in which words; contact: how to be told, may be empty."""

    about: str
    organisation_id: int
    words: str
    contact: str = ""
    account_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The number, and the token that opens the answer; the token is kept nowhere else."""

    complaint: Complaint
    token: str


@transaction.atomic
def receive(*, source: str, new: NewComplaint, at: datetime) -> Receipt:
    """Take a complaint from whoever it comes from, nameless too (投诉). Raises Invalid without words."""
    house = directory.organisation(new.organisation_id)
    return _taken(system_for(house.pk, house.province), source, new, at)


@transaction.atomic
def record(*, actor: Actor, source: str, new: NewComplaint, at: datetime) -> Receipt:
    """Write down what somebody said on the telephone, in a letter, or when they were followed up; the receipt is read out to
    them. Raises NotAllowed without the right, NotFound for a case out of sight."""
    actor.require(RECORD)
    if new.case_id is not None:
        case_of(actor, new.case_id)
    return _taken(actor, source, new, at)


def _taken(actor: Actor, source: str, new: NewComplaint, at: datetime) -> Receipt:
    if new.about not in About.values or source not in Source.values:
        raise Invalid("请选择要投诉什么。", code="complaints.about-missing")
    if len(new.words.strip()) < 2:
        raise Invalid(
            "请写下发生了什么。", code="complaints.words-missing", do_next="什么时候、谁、做了什么，写几句就行。"
        )
    house = directory.organisation(new.organisation_id)
    concerned = selectors.concerned_in(new.case_id, new.account_id)
    whole = new.about == About.STATION
    dealing = selectors.first_house(house.pk, whole_house=whole, concerned=concerned, at=at)
    token = rules.fresh_token()
    contact = new.contact.strip()[:100]
    with acting(EVERYTHING):
        complaint = Complaint.objects.create(
            organisation_id=dealing,
            province=directory.province_of(dealing),
            number=rules.fresh_number(local(at).date()),
            source=source,
            about=new.about,
            about_organisation_id=house.pk,
            about_account_id=new.account_id,
            case_id=new.case_id,
            concerned_account_ids=sorted(concerned),
            digest=rules.digest(token),
            contact_sealed=seal(contact, field=selectors.CONTACT) if contact else b"",
            received_at=at,
            recorded_by_account_id=actor.account_id or None,
        )
        keep_words(complaint, "receive", new.words, actor.account_id or None, at, told=True)
        begin_clock(complaint, ClockKind.COMPLAINT_ACKNOWLEDGEMENT, at)
        publish(event_of(complaint, ComplaintReceived), actor=actor, at=at)
        tell_handlers(complaint, "complaints.received", at)
    return Receipt(complaint, token)


@transaction.atomic
def rotate_words(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` words and as many contacts with the current key. Returns how many; 0 when done."""
    older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
    with acting(EVERYTHING):
        notes = list(ComplaintNote.objects.filter(words_sealed__lt=older).select_for_update(skip_locked=True)[:batch])
        for row in notes:
            row.words_sealed = _anew(bytes(row.words_sealed), selectors.WORDS)
        ComplaintNote.objects.bulk_update(notes, ["words_sealed"])
        stale = Complaint.objects.filter(contact_sealed__lt=older).exclude(contact_sealed=b"")
        named = list(stale.select_for_update(skip_locked=True)[:batch])
        for complaint in named:
            complaint.contact_sealed = _anew(bytes(complaint.contact_sealed), selectors.CONTACT)
        Complaint.objects.bulk_update(named, ["contact_sealed"])
    return len(notes) + len(named)


def _anew(envelope: bytes, field: str) -> bytes:
    return seal(unseal(envelope, field=field), field=field)
