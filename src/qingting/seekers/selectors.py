"""Reading seekers: masked by default, found through the blind index, never listed without a value."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from qingting.core.actors import Actor
from qingting.core.crypto import blind_index, unseal
from qingting.core.errors import Invalid, not_found
from qingting.core.grants import opened_to
from qingting.seekers import rules
from qingting.seekers.models import Consent, PersonalDatum, Seeker
from qingting.seekers.permissions import VIEW
from qingting.seekers.states import FINDABLE, OF_THE_PERSON, SUFFICES_UNDER_14, UNDER_14, DatumKind

SEALED = "seekers_personaldatum.sealed"
MOST_FOUND = 20


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
