"""Reading linkage. The wall is row-level security; every read names its organisations as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Case as DbCase
from django.db.models import DateTimeField, IntegerField, Q, QuerySet, Value, When

from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.grants import opened_to
from qingting.core.remembered import remembered
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import LinkageItem, Organisation
from qingting.directory.rules import division_line
from qingting.directory.selectors import linkage_items
from qingting.directory.states import Direction, OrganisationKind, PartnerKind, Urgency
from qingting.linkage.models import Desk, DeskMessage, Handoff, HandoffNote
from qingting.linkage.referral_kinds import FOLLOW_UP, ReferralKind, kinds
from qingting.linkage.rules import STALE_AFTER, Wording, wording
from qingting.linkage.selectors.reports import (
    REPORT_WORDS,
    report_of,
    report_words,
    reports_of,
    reports_page,
    situations,
)
from qingting.linkage.selectors.sharing import Delivery, delivery_on, desk_serving, regions_served, who_may_run_a_desk
from qingting.linkage.selectors.trouble import (
    Queue,
    queue_of,
    refused_at_the_door,
    refused_on,
    refused_strangers,
    stuck_handoffs,
    unanswered_at,
)
from qingting.linkage.states import OPEN, HandoffState, LinkState, Manner
from qingting.linkage.store import envelope_of

__all__ = [
    "REPORT_WORDS",
    "Delivery",
    "Queue",
    "delivery_on",
    "desk_serving",
    "queue_of",
    "refused_at_the_door",
    "refused_on",
    "refused_strangers",
    "regions_served",
    "report_of",
    "report_words",
    "reports_of",
    "reports_page",
    "situations",
    "stuck_handoffs",
    "unanswered_at",
    "who_may_run_a_desk",
]
NATION = "100000"
WORDS = "linkage_handoffnote.words_sealed"


def visible_to(actor: Actor) -> QuerySet[Handoff]:
    """Handoffs of the actor's organisations and of cases opened to them."""
    handoffs = Handoff.objects.select_related("desk", "case")
    if actor.scope.everything:
        return handoffs
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return handoffs.filter(own | Q(case_id__in=opened_to(actor.scope.organisations, "case")))


def referred_to(actor: Actor) -> QuerySet[Handoff]:
    """What was referred to the actor's own organisation, a partner, and opened to it. The case stays out of sight."""
    opened = opened_to(frozenset({actor.organisation_id}), "handoff")
    mine = Handoff.objects.select_related("case").filter(
        pk__in=opened, desk_id__in=_desks_run_by(actor.organisation_id)
    )
    return mine.filter(direction=Direction.TO_POLICE)


def _desks_run_by(organisation_id: int) -> list[int]:
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        return list(Desk.objects.filter(partner_id=organisation_id).values_list("pk", flat=True))


def referral_to(actor: Actor, handoff_id: int) -> Handoff:
    """One referral to the actor's own organisation with its desk; NotFound otherwise."""
    found = referred_to(actor).filter(pk=handoff_id).first()
    if found is None:
        raise not_found("转介", "linkage.referral.not-found")
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        found.desk = Desk.objects.get(pk=found.desk_id)
    return found


_WAITING_FIRST = DbCase(
    When(state=HandoffState.SENT, then=Value(0)),
    When(state__in=sorted(OPEN), then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)

_RUNNING_FIRST = DbCase(When(state__in=sorted(OPEN), then=Value(0)), default=Value(1), output_field=IntegerField())
_RANKS = [When(urgency=code, then=Value(rank)) for rank, code in enumerate(Urgency.values)]
_URGENCY = DbCase(*_RANKS, output_field=IntegerField())
_LEAST_TIME = DbCase(When(state=HandoffState.SENT, then="reply_by"), default=None, output_field=DateTimeField())
_TURN = (_WAITING_FIRST, _URGENCY, _LEAST_TIME, "-opened_at", "-pk")


def partner_page(actor: Actor, number: str, size: int) -> Page[Handoff]:
    """One page of what was referred to the actor's organisation: what waits for 签收, what runs, what is over."""
    found = referred_to(actor).order_by(_WAITING_FIRST, "reply_by", "-pk")
    return Paginator(found, size).get_page(number)


def station_for(actor: Actor, desk: Desk | None) -> Organisation:
    """Our side of a desk: the station that answers to it already, else the actor's own or the first of the province."""
    if desk is not None:
        return Organisation.objects.get(pk=desk.organisation_id)
    stations = Organisation.objects.filter(kind=OrganisationKind.STATION, province=actor.province, active=True)
    found = stations.filter(pk=actor.organisation_id).first() or stations.order_by("pk").first()
    if found is None:
        raise DomainError(
            "本省还没有服务台。", code="linkage.desk.no-station", do_next="请先在“单位与清单”里添加服务台。"
        )
    return found


def referral_kind(code: str) -> ReferralKind:
    """One kind of referral; Invalid for an unknown one."""
    found = kinds().get(code)
    if found is None:
        raise Invalid("请选择转介的种类。", code="linkage.referral.kind", do_next="从列表中选择一项。")
    return found


def open_referral(case_id: int, desk: Desk, kind: str) -> Handoff | None:
    """The referral of this kind to this desk that still runs, if there is one."""
    mine = Handoff.objects.select_related("desk", "case").filter(case_id=case_id, desk=desk, referral_kind=kind)
    return mine.filter(direction=Direction.TO_POLICE, state__in=sorted(OPEN)).first()


def desks_of_kind(province: str, kind: str, division: str) -> list[Desk]:
    """The desks of a kind for a place, the nearest first: county, city, province, then those of the whole country. Desks of
    12355 elsewhere are never those of the own province."""
    line = [*division_line(division or province), province, NATION]
    rank = {code: place for place, code in reversed(list(enumerate(line)))}
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        partners = Organisation.objects.filter(partner_kind=kind, active=True)
        found = list(Desk.objects.filter(partner_id__in=list(partners.values_list("id", flat=True))))
    here = [desk for desk in found if desk.province == province]
    if kind != PartnerKind.YOUTH_12355:
        here = [desk for desk in here if desk.region_code in rank]
    return sorted(here, key=lambda desk: (rank.get(desk.region_code, 0), desk.region_code, desk.pk))


def higher_desk(handoff: Handoff) -> Desk | None:
    """The desk above the one that did not answer, of the same kind; None at the top."""
    partner = Organisation.objects.get(pk=handoff.desk.partner_id)
    line = desks_of_kind(handoff.province, partner.partner_kind, handoff.desk.region_code)
    above = [desk for desk in line if desk.pk != handoff.desk_id and desk.region_code != handoff.desk.region_code]
    return above[0] if above else None


def referral_choices(case: Case, purpose: str = "") -> list[tuple[ReferralKind, Desk, str]]:
    """The kinds of referral of one purpose that the case's place offers: kind, the nearest desk, what people call it."""
    offered = [kind for kind in kinds().values() if kind.purpose == purpose]
    nearest = {kind.partner: desks_of_kind(case.province, kind.partner, case.division) for kind in offered}
    return [
        (kind, desk, partner_name(desk))
        for kind in offered
        for desk in (nearest[kind.partner] if kind.partner == PartnerKind.YOUTH_12355 else nearest[kind.partner][:1])
    ]


def follow_up_choices(case: Case) -> list[tuple[ReferralKind, Desk, str]]:
    """Who may be asked to follow up in our place."""
    return referral_choices(case, FOLLOW_UP)


def desk_to_refer_to(case: Case, kind: ReferralKind, desk_id: int) -> Desk:
    """The desk that was chosen, or the nearest of the kind; DomainError where there is none."""
    found = desks_of_kind(case.province, kind.partner, case.division)
    chosen = next((desk for desk in found if desk.pk == desk_id or not desk_id), None)
    if chosen is None:
        raise DomainError(
            "本地还没有登记这类单位。",
            code="linkage.referral.no-desk",
            do_next="请系统管理员在“链路运行”里登记对接方；急事请直接电话联系。",
        )
    return chosen


def told_of(actor: Actor, seeker_id: int) -> list[Handoff]:
    """Everything that left the house about a person, the newest first: handoffs and referrals of all cases in sight."""
    cases = Case.objects.filter(seeker_id=seeker_id).values_list("pk", flat=True)
    mine = visible_to(actor).filter(case_id__in=list(cases), direction=Direction.TO_POLICE)
    return list(mine.order_by("-opened_at", "-pk"))


def handoff_of(actor: Actor, handoff_id: int) -> Handoff:
    """One handoff; NotFound where there is none within the actor's sight."""
    found = visible_to(actor).filter(pk=handoff_id).first()
    if found is None:
        raise not_found("流转记录", "linkage.handoff.not-found")
    return found


def handoffs_of(actor: Actor, case_id: int) -> list[Handoff]:
    """The handoffs of a case, the newest first."""
    return list(visible_to(actor).filter(case_id=case_id).order_by("-opened_at", "-pk"))


def open_handoff(case_id: int, item_number: int) -> Handoff | None:
    """The handoff of this item that still runs, if there is one."""
    mine = Handoff.objects.select_related("desk", "case").filter(case_id=case_id, item_number=item_number)
    return mine.filter(direction=Direction.TO_POLICE, state__in=sorted(OPEN)).first()


@dataclass(frozen=True, slots=True)
class NoteWords:
    """One note, opened: who (ours or the desk's operator), what kind and code, and the words."""

    kind: str
    kind_label: str
    code: str
    words: str
    ours: bool
    operator: str
    at: datetime


def notes_of(handoff: Handoff) -> list[NoteWords]:
    """What was said on a handoff, oldest first. The handoff must have been read in sight."""
    return [_opened(note) for note in HandoffNote.objects.filter(handoff=handoff).order_by("at", "pk")]


def words_behind(note_ids: list[int]) -> dict[int, str]:
    """The words of notes for a case's timeline, by id; those out of sight are left out."""
    return {note.pk: _opened(note).words for note in HandoffNote.objects.filter(pk__in=note_ids)}


def _opened(note: HandoffNote) -> NoteWords:
    words = unseal(bytes(note.words_sealed), field=WORDS) if note.words_sealed else ""
    label = str(note.get_kind_display())
    return NoteWords(note.kind, label, note.code, words, note.ours, note.operator, note.at)


def body_of(handoff: Handoff) -> Mapping[str, Any]:
    """The body of the message that opened a handoff, as it stood on the wire. The handoff must have been read in sight."""
    with acting(EVERYTHING):
        sealed = DeskMessage.objects.values_list("document_sealed", flat=True)
        return envelope_of(sealed.get(link_id=handoff.link_id, message_id=handoff.message_id)).body


def item_of(case: Case, item_number: int, *, at: datetime) -> LinkageItem:
    """An item of the list in force for 12355→110; a refusal with what to do instead when it stands outside the list."""
    found = _item_in_force(case.province, item_number, at.replace(second=0, microsecond=0))
    if found is None:
        raise Invalid(
            f"清单里没有第{item_number}项，不能一键流转。",
            code="linkage.item.not-on-list",
            do_next="请从清单中选择；不在清单内又需要公安机关处置的，请直接拨打110并在个案里补充情况。",
        )
    return found


@remembered(10)
def _item_in_force(province: str, number: int, minute: datetime) -> LinkageItem | None:
    return linkage_items(province, Direction.TO_POLICE, on=minute).filter(number=number).first()


def desk_for(province: str, kind: str = PartnerKind.POLICE_110) -> Desk | None:
    """The desk of this kind that serves a province. It says nothing about a person, so every seat of the province may know."""
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        return Desk.objects.filter(partner_id__in=_partners(province, kind)).order_by("pk").first()


@remembered(10)
def _partners(province: str, kind: str) -> list[int]:
    partners = Organisation.objects.filter(partner_kind=kind, province=province, active=True)
    return list(partners.values_list("id", flat=True))


def desk_to_hand_to(province: str, division: str = "") -> Desk:
    """The 110 desk nearest to a place; DomainError where the province has not been connected yet."""
    near = desks_of_kind(province, PartnerKind.POLICE_110, division)
    desk = near[0] if near else desk_for(province)
    if desk is None:
        raise DomainError(
            "本省还没有接通110联动系统。",
            code="linkage.desk.none",
            do_next="请立即电话拨打110，并在个案里补充情况。",
        )
    return desk


def partner_name(desk: Desk) -> str:
    """What people call the other desk."""
    return _name(desk.partner_id) or desk.code


@remembered(60)
def partner_kind(desk: Desk) -> str:
    """What kind of organisation runs the other desk (a `PartnerKind`); '' where it is none."""
    kinds_ = Organisation.objects.filter(pk=desk.partner_id).values_list("partner_kind", flat=True)
    return str(kinds_.first() or "")


def wording_of(desk: Desk) -> Wording:
    """How people speak of what this desk sends and keeps."""
    return wording(partner_kind(desk))


def _name(organisation_id: int) -> str:
    return Organisation.objects.filter(pk=organisation_id).values_list("short_name", flat=True).first() or ""


def stations_using(desk: Desk) -> list[int]:
    """The stations that hand to this desk: those of its province."""
    stations = Organisation.objects.filter(kind=OrganisationKind.STATION, province=desk.province, active=True)
    return sorted({desk.organisation_id, *stations.values_list("id", flat=True)})


@dataclass(frozen=True, slots=True)
class LinkView:
    """How a line is, for a page. trouble: words for people, empty when all is well; phone: what to dial instead."""

    desk: Desk
    name: str
    trouble: str
    phone: str


def link_view(province: str, *, at: datetime) -> LinkView | None:
    """The 110 line of a province as its seats should see it; None where there is no desk."""
    desk = desk_for(province)
    if desk is None:
        return None
    return LinkView(desk, partner_name(desk), trouble_with(desk, at), desk.phone)


def trouble_with(desk: Desk, at: datetime) -> str:
    """What a seat is told of a line; empty when all is well."""
    if desk.manner != Manner.WIRE:
        return ""
    if desk.paused:
        return "流转已暂停，新的流转会保存在本地"
    if desk.state == LinkState.DOWN:
        return "链路中断，流转已保存，恢复后自动按顺序送达"
    if desk.last_checked_at is None or at - desk.last_checked_at > STALE_AFTER:
        return "链路状态未知，暂不能确认对方能收到"
    return ""


def desks(actor: Actor) -> list[Desk]:
    """The desks that the actor's organisations answer to."""
    found = Desk.objects.order_by("province", "-manner", "code")  # those on the wire first
    if actor.scope.everything:
        return list(found)
    mine = Organisation.objects.filter(pk__in=sorted(actor.scope.organisations))
    provinces = sorted(set(mine.values_list("province", flat=True)))
    with acting(EVERYTHING), transaction.atomic():
        return list(found.filter(province__in=provinces))


def desk_of(actor: Actor, desk_id: int) -> Desk:
    """One desk; NotFound where the actor has nothing to do with it."""
    found = next((desk for desk in desks(actor) if desk.pk == desk_id), None)
    if found is None:
        raise not_found("对接方", "linkage.desk.not-found")
    return found


def outgoing_page(actor: Actor, number: str, size: int) -> Page[Handoff]:
    """One page of what the actor's organisations handed to other desks: what still runs first, the newest first."""
    mine = visible_to(actor).filter(direction=Direction.TO_POLICE)
    return Paginator(mine.order_by(_RUNNING_FIRST, "-opened_at", "-pk"), size).get_page(number)


def incoming_page(actor: Actor, number: str, size: int) -> Page[Handoff]:
    """One page of what other desks handed to the actor's organisations: what waits for 签收 first, the most urgent and then
    whatever has the least time left; then what runs, then what is over, the newest first."""
    return Paginator(visible_to(actor).filter(direction=Direction.FROM_POLICE).order_by(*_TURN), size).get_page(number)


def waiting_here(actor: Actor) -> int:
    """How many matters of other desks wait for 签收 here; an exercise is answered by machine."""
    mine = visible_to(actor).filter(direction=Direction.FROM_POLICE)
    return mine.filter(state=HandoffState.SENT, drill=False).count()
