"""Reading applications for aid and their ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case as DbCase
from django.db.models import IntegerField, QuerySet, Sum, Value, When

from qingting.assistance.models import AidApplication, AidNote, LedgerEntry
from qingting.assistance.states import AidState
from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.staff.models import Account

WORDS = "assistance_aidnote.words_sealed"
_WAITING_FIRST = DbCase(
    When(state=AidState.APPLIED, then=Value(0)),
    When(state=AidState.CHECKED, then=Value(1)),
    When(state=AidState.APPROVED, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


def in_sight(actor: Actor) -> QuerySet[AidApplication]:
    """Applications of the actor's own organisations and those below."""
    found = AidApplication.objects.select_related("case", "order")
    return found if actor.scope.everything else found.filter(organisation_id__in=sorted(actor.scope.organisations))


def application_of(actor: Actor, application_id: int) -> AidApplication:
    """One application; NotFound where there is none within the actor's sight."""
    found = in_sight(actor).filter(pk=application_id).first()
    if found is None:
        raise not_found("援助申请", "assistance.application.not-found")
    return found


def applications_page(actor: Actor, number: str, size: int) -> Page[AidApplication]:
    """What waits for somebody first, the oldest leading."""
    return Paginator(in_sight(actor).order_by(_WAITING_FIRST, "applied_at", "pk"), size).get_page(number)


def of_case(actor: Actor, case_id: int) -> list[AidApplication]:
    """The applications over one case, the newest first."""
    return list(in_sight(actor).filter(case_id=case_id).order_by("-applied_at", "-pk"))


def of_person(actor: Actor, seeker_id: int) -> list[AidApplication]:
    """Everything one person was given or refused, over all cases in sight, the newest first."""
    cases = list(Case.objects.filter(seeker_id=seeker_id).values_list("pk", flat=True))
    return list(in_sight(actor).filter(case_id__in=cases).order_by("-applied_at", "-pk"))


def entries_of(application: AidApplication) -> list[LedgerEntry]:
    """The ledger of one application in its order. It must have been read in sight."""
    return list(LedgerEntry.objects.select_related("reversed_by").filter(application=application).order_by("at", "pk"))


def paid_fen(application_ids: list[int]) -> dict[int, int]:
    """What was paid by application, reversals taken off, in fen."""
    sums = LedgerEntry.objects.filter(application_id__in=application_ids).values("application_id")
    return {row["application_id"]: row["paid"] for row in sums.annotate(paid=Sum("amount_fen"))}


def ledger(actor: Actor, *, since: datetime, until: datetime) -> QuerySet[LedgerEntry]:
    """The lines of a span, oldest first, for the export."""
    found = LedgerEntry.objects.select_related("application", "application__case").filter(at__gte=since, at__lt=until)
    return found.filter(application__in=in_sight(actor)).order_by("at", "pk")


@dataclass(frozen=True, slots=True)
class Words:
    """One note, opened, with who wrote it."""

    label: str
    text: str
    who: str
    at: datetime


def notes_of(application: AidApplication) -> list[Words]:
    """What was said, oldest first. The application must have been read in sight."""
    rows = list(AidNote.objects.filter(application=application).order_by("at", "pk"))
    accounts = Account.objects.filter(pk__in={row.account_id for row in rows})
    names = dict(accounts.values_list("pk", "display_name"))
    return [Words(str(row.get_kind_display()), _opened(row), names.get(row.account_id, ""), row.at) for row in rows]


def _opened(note: AidNote) -> str:
    return unseal(bytes(note.words_sealed), field=WORDS)


def words_behind(note_ids: list[int]) -> dict[int, str]:
    """The words of notes for a case's timeline, by id; those out of sight are left out."""
    return {note.pk: _opened(note) for note in AidNote.objects.filter(pk__in=note_ids)}
