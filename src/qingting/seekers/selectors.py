"""Reading seekers: masked by default, found through the blind index, never listed without a value."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from qingting.core.actors import Actor
from qingting.core.crypto import blind_index, unseal
from qingting.core.errors import Invalid, not_found
from qingting.core.grants import opened_to
from qingting.core.models import Entry
from qingting.core.permissions import READ_JOURNAL
from qingting.seekers import rules
from qingting.seekers.models import Consent, FileOpening, PersonalDatum, Seeker, SeekerMerge, UnmaskReason
from qingting.seekers.permissions import VIEW
from qingting.seekers.states import FINDABLE, OF_THE_PERSON, SUFFICES_UNDER_14, UNDER_14, DatumKind

SEALED = "seekers_personaldatum.sealed"
MOST_FOUND = 20
_LONGEST_CHAIN = 50
TELLING = frozenset({DatumKind.PHONE, DatumKind.WECHAT, DatumKind.ID_NUMBER, DatumKind.GUARDIAN_PHONE})
"""What may show that two records are one person. It never proves it: a person decides."""


@dataclass(frozen=True, slots=True)
class MaskedDatum:
    """One personal datum as it may be shown: the masked form only."""

    id: int
    kind: str
    label: str
    masked: str
    stored_at: datetime


def index_of(kind: str, value: str) -> bytes | None:
    """The blind index of a normalised value, or None for a kind nobody is found by."""
    return blind_index(value, field=f"{SEALED}.{kind}") if kind in FINDABLE else None


def visible_to(actor: Actor) -> QuerySet[Seeker]:
    """Seekers of the actor's organisations and those opened to them."""
    if actor.scope.everything:
        return Seeker.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return Seeker.objects.filter(own | Q(pk__in=opened_to(actor.scope.organisations, "seeker")))


def seeker_of(actor: Actor, seeker_id: int) -> Seeker:
    """One seeker; NotFound where there is none within the actor's sight, NotAllowed without `seekers.view`."""
    actor.require(VIEW)
    found = visible_to(actor).filter(pk=seeker_id).first()
    if found is None:
        raise not_found("来访者", "seekers.seeker.not-found")
    return found


def masked_data(actor: Actor, seeker_id: int) -> dict[str, MaskedDatum]:
    """What is kept of a seeker at present, by kind, in masked form."""
    seeker = seeker_of(actor, seeker_id)
    current = PersonalDatum.objects.filter(seeker=seeker, replaced_at=None).order_by("stored_at")
    return {datum.kind: _masked(datum) for datum in current}


def _masked(datum: PersonalDatum) -> MaskedDatum:
    shown = rules.masked(datum.kind, unseal(bytes(datum.sealed), field=SEALED))
    return MaskedDatum(datum.pk, datum.kind, DatumKind(datum.kind).label, shown, datum.stored_at)


def datum_of(actor: Actor, datum_id: int) -> PersonalDatum:
    """One sealed datum with its seeker; NotFound where the seeker is out of sight."""
    datum = PersonalDatum.objects.select_related("seeker").filter(pk=datum_id).first()
    if datum is None or not visible_to(actor).filter(pk=datum.seeker_id).exists():
        raise not_found("个人信息", "seekers.datum.not-found")
    return datum


def may_be(text: str) -> dict[str, str]:
    """What of a person a text may be, complete: kind → value, of the kinds that people are found by."""
    values = {kind: rules.normalised(kind, text) for kind in DatumKind if kind in FINDABLE}
    return {str(kind): value for kind, value in values.items() if not rules.problem_with(kind, value)}


def find_by(actor: Actor, kind: str, value: str) -> list[Seeker]:
    """Seekers within the actor's scope of whom exactly this value is or was kept, the newest first.

    Raises Invalid without a complete value or for a kind nobody is found by: there is no list of people.
    """
    actor.require(VIEW)
    wanted = rules.normalised(kind, value)
    problem = rules.problem_with(kind, wanted) if kind in FINDABLE else "不能按这一项查找来访者。"
    if problem:
        raise Invalid(
            problem,
            code="seekers.find.value",
            do_next="请输入完整的电话、身份证号、微信号或姓名，系统不提供来访者名单。",
        )
    kept = PersonalDatum.objects.filter(kind=kind, blind_index=index_of(kind, wanted))
    if not actor.scope.everything:
        kept = kept.filter(organisation_id__in=sorted(actor.scope.organisations))
    found = visible_to(actor).filter(pk__in=kept.values("seeker_id"))
    return list(found.order_by("-created_at")[:MOST_FOUND])


def standing_consents(actor: Actor, seeker_id: int) -> list[Consent]:
    """Consents and other grounds that have not been withdrawn, oldest first."""
    seeker = seeker_of(actor, seeker_id)
    return list(Consent.objects.filter(seeker=seeker, withdrawn_at=None).order_by("given_at"))


def kinds_waiting_for_consent(seeker: Seeker) -> frozenset[DatumKind]:
    """The kinds that may not be stored yet because the person is under 14 and no sufficient ground is recorded."""
    if seeker.age_band not in UNDER_14:
        return frozenset()
    grounds = Consent.objects.filter(seeker=seeker, withdrawn_at=None, basis__in=SUFFICES_UNDER_14)
    return frozenset() if grounds.exists() else frozenset(OF_THE_PERSON)


def may_know_more(actor: Actor, seeker_id: int) -> bool:
    """Whether identity data of this person may be asked for and stored now (no, under 14 without a ground for it)."""
    return not kinds_waiting_for_consent(seeker_of(actor, seeker_id))


def root_of(seeker_id: int) -> int:
    """The record under which this person is read: the one it was merged into, or itself."""
    found = seeker_id
    for _ in range(_LONGEST_CHAIN):
        above = SeekerMerge.objects.filter(merged_id=found, undone_at=None).values_list("kept_id", flat=True).first()
        if above is None:
            return found
        found = above
    return found


def same_person(actor: Actor, seeker_id: int) -> list[int]:
    """The records in sight that are this person, the one under which it is read first."""
    group, newest = [root_of(seeker_id)], [root_of(seeker_id)]
    while newest:
        below = SeekerMerge.objects.filter(kept_id__in=newest, undone_at=None).values_list("merged_id", flat=True)
        newest = [one for one in below if one not in group]
        group += newest
    seen = set(visible_to(actor).filter(pk__in=group).values_list("pk", flat=True))
    return [one for one in group if one in seen]


def merges_of(actor: Actor, seeker_ids: list[int]) -> list[SeekerMerge]:
    """The standing merges of these records, the newest first."""
    found = SeekerMerge.objects.select_related("kept", "merged").filter(kept_id__in=seeker_ids, undone_at=None)
    return list(found.order_by("-at"))


@dataclass(frozen=True, slots=True)
class Alike:
    """Another record that shares a value; shared_by: how many records do, so that a school's telephone is seen to be one."""

    seeker: Seeker
    label: str
    shared_by: int


def alike(actor: Actor, seeker_ids: list[int]) -> list[Alike]:
    """Records in the actor's organisations with an equal telephone, WeChat id or id number: perhaps the same person."""
    mine = PersonalDatum.objects.filter(seeker_id__in=seeker_ids, kind__in=sorted(TELLING)).exclude(blind_index=None)
    found: dict[int, Alike] = {}
    for kind, index in mine.values_list("kind", "blind_index").distinct():
        others = PersonalDatum.objects.filter(kind=kind, blind_index=index)
        if not actor.scope.everything:
            others = others.filter(organisation_id__in=sorted(actor.scope.organisations))
        people = set(others.values_list("seeker_id", flat=True))
        rest = visible_to(actor).filter(pk__in=people - set(seeker_ids)).order_by("-created_at")[:MOST_FOUND]
        for seeker in rest:
            found.setdefault(seeker.pk, Alike(seeker, str(DatumKind(kind).label), len(people)))
    return list(found.values())


def has_opened(actor: Actor, seeker_ids: list[int], *, at: datetime) -> bool:
    """Whether the actor gave a reason for opening this person's file, not long ago."""
    mine = FileOpening.objects.filter(account_id=actor.account_id, seeker_id__in=seeker_ids, ends_at__gt=at)
    return mine.exists()


LOOKS = ("seekers.file-opened", "seekers.datum-unmasked", "seekers.sought", "linkage.looked-at-referral")
"""What of the journal an auditor reads about people who looked at people."""


def looks(actor: Actor, *, seeker_id: int = 0, account_id: int = 0) -> QuerySet[Entry]:
    """Who looked at whom in the actor's organisations, the newest first; of one person or by one account where named."""
    actor.require(READ_JOURNAL)
    found = Entry.objects.filter(name__in=LOOKS)
    if not actor.scope.everything:
        found = found.filter(organisation_id__in=sorted(actor.scope.organisations))
    if seeker_id:
        found = found.filter(subject_kind="seeker", subject_id=seeker_id)
    if account_id:
        found = found.filter(account_id=account_id)
    return found.order_by("-id")


def reasons_behind(entries: list[Entry]) -> dict[int, str]:
    """The words that were given for looking, by journal entry; those out of sight are left out."""
    openings = {int(entry.ids.get("opening", 0)): entry.pk for entry in entries}
    unmaskings = {int(entry.ids.get("reason", 0)): entry.pk for entry in entries}
    told = dict(FileOpening.objects.filter(pk__in=list(openings)).values_list("pk", "words"))
    said = dict(UnmaskReason.objects.filter(pk__in=list(unmaskings)).values_list("pk", "words"))
    return {openings[pk]: words for pk, words in told.items()} | {unmaskings[pk]: words for pk, words in said.items()}
