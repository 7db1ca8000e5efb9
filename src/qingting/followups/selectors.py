"""Reading follow-ups and invitations. Row-level security is the wall; every read names its organisations as well."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q, QuerySet
from django.urls import reverse

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.contacts.models import Contact
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.core.grants import opened_to
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import ancestors, category_line
from qingting.directory.states import Urgency
from qingting.followups import rules
from qingting.followups.models import FollowUp, FollowUpRule, LinkMessage, RatingInvitation, TrackingPlan
from qingting.followups.states import FollowUpKind, FollowUpState, Helped, Script
from qingting.orders.models import OrderNote, WorkOrder

PAGE = 20
SEALED_IN = "followups_ratinginvitation.token_sealed"


def visible_to(actor: Actor) -> QuerySet[FollowUp]:
    """Follow-ups of the actor's own organisations and those of cases opened to them."""
    if actor.scope.everything:
        return FollowUp.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return FollowUp.objects.filter(own | Q(case_id__in=opened_to(actor.scope.organisations, "case")))


def follow_up_of(actor: Actor, follow_up_id: int) -> FollowUp:
    """One follow-up with its case; NotFound where there is none within the actor's sight."""
    found = visible_to(actor).select_related("case", "handoff__desk").filter(pk=follow_up_id).first()
    if found is None:
        raise not_found("回访任务", "followups.follow-up.not-found")
    return found


def terms_for(case: Case) -> FollowUpRule:
    """The rule that counts for a case: the first that fits among its organisation's own, then those of the nearest above;
    where there is none, the defaults, not stored."""
    line = ancestors(case.organisation_id)
    with acting(EVERYTHING):
        rules_here: dict[int, list[FollowUpRule]] = {}
        for rule in FollowUpRule.objects.filter(organisation_id__in=line).order_by("position", "pk"):
            rules_here.setdefault(rule.organisation_id, []).append(rule)
    in_order = [rule for house in line for rule in rules_here.get(house, [])]
    usual = FollowUpRule(script=Script.CRISIS if case.urgency == Urgency.CRITICAL else Script.USUAL, position=0)
    return rules.first_fitting(in_order, category_line(case.category), case.urgency) or usual


def rules_of(actor: Actor) -> list[FollowUpRule]:
    """The lines of the organisation one acts for, from the top."""
    return list(FollowUpRule.objects.filter(organisation_id=actor.organisation_id).order_by("position", "pk"))


def plans(actor: Actor, state: str, page: int = 1) -> tuple[list[TrackingPlan], bool]:
    """Tracking plans in a state, the next contact first; and whether there are more."""
    found = TrackingPlan.objects.select_related("case").filter(
        organisation_id__in=sorted(actor.scope.organisations), state=state
    )
    rows = list(found.order_by(F("next_at").asc(nulls_last=True), "pk")[(page - 1) * PAGE : page * PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def plan_of(actor: Actor, plan_id: int) -> TrackingPlan:
    """One plan with its case; NotFound where there is none within the actor's organisations."""
    mine = TrackingPlan.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    found = mine.select_related("case").filter(pk=plan_id).first()
    if found is None:
        raise not_found("跟踪计划", "followups.plan.not-found")
    return found


def plan_of_case(actor: Actor, case_id: int) -> TrackingPlan | None:
    """The latest plan of a case in sight, running or not."""
    case = case_of(actor, case_id)
    return TrackingPlan.objects.filter(case=case).order_by("-begun_at").first()


def contacts_of(plan: TrackingPlan) -> list[FollowUp]:
    """The contacts of a plan read in sight, the latest first."""
    return list(FollowUp.objects.filter(plan=plan).order_by("-planned_at", "-pk"))


def visit_is_due(plan: TrackingPlan) -> bool:
    """Whether a contact of the case's tracking still waits."""
    return FollowUp.objects.filter(case_id=plan.case_id, kind=FollowUpKind.TRACKING, state=FollowUpState.DUE).exists()


def messages(actor: Actor, page: int = 1) -> tuple[list[LinkMessage], bool]:
    """What was sent or waits to be, the latest first; and whether there are more."""
    mine = LinkMessage.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    rows = mine.select_related("invitation__case").order_by("-queued_at", "-pk")
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    return found[:PAGE], len(found) > PAGE


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The last `SATISFACTION_DAYS` days: how many rated and their mean score, how many were followed up and how many of them said
    that it helped (also a little)."""

    rated: int
    mean: float
    asked: int
    helped: int


SATISFACTION_DAYS = 30


def satisfaction(actor: Actor, *, at: datetime) -> Satisfaction:
    """What the people say, within the actor's organisations."""
    houses, since = sorted(actor.scope.organisations), at - timedelta(days=SATISFACTION_DAYS)
    rated = RatingInvitation.objects.filter(organisation_id__in=houses, rated_at__gte=since)
    score = rated.aggregate(count=Count("pk"), mean=Avg("score"))
    done = FollowUp.objects.filter(organisation_id__in=houses, done_at__gte=since, state=FollowUpState.DONE)
    asked = done.aggregate(count=Count("pk"), helped=Count("pk", filter=~Q(helped=Helped.NO)))
    return Satisfaction(score["count"], round(score["mean"] or 0, 1), asked["count"], asked["helped"])


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """One page of the list. `total` counts all pages."""

    follow_ups: list[FollowUp]
    total: int
    number: int
    pages: int


def _in_order(state: str) -> tuple[str, str]:
    return ("due_at", "pk") if state == FollowUpState.DUE else ("-done_at", "-pk")


def due_list(actor: Actor, state: str = FollowUpState.DUE, page: int = 1) -> FollowUpPage:
    """Follow-ups in a state, the one due first on top; those that are over, the latest first. `page` counts from 1."""
    follow_ups = visible_to(actor).select_related("case").filter(state=state)
    total = follow_ups.count()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    return FollowUpPage(
        list(follow_ups.order_by(*_in_order(state))[(number - 1) * PAGE : number * PAGE]), total, number, pages
    )


def follow_up_ids(actor: Actor, state: str, most: int) -> list[int]:
    """Ids of at most `most` of that list, in its order."""
    found = visible_to(actor).filter(state=state).order_by(*_in_order(state))
    return list(found.values_list("pk", flat=True)[:most])


def rating_ids(actor: Actor, most: int) -> list[int]:
    """Ids of at most `most` answers given within the actor's organisations, the latest first."""
    mine = RatingInvitation.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    rated = mine.filter(rated_at__isnull=False).order_by("-rated_at", "-pk")
    return list(rated.values_list("pk", flat=True)[:most])


def due_count(actor: Actor) -> int:
    """How many follow-ups are due."""
    return visible_to(actor).filter(state=FollowUpState.DUE).count()


def of_case(actor: Actor, case_id: int) -> list[FollowUp]:
    """The follow-ups of a case, oldest first."""
    case = case_of(actor, case_id)
    return list(FollowUp.objects.filter(case=case).order_by("planned_at", "pk"))


def involved_accounts(case: Case) -> set[int]:
    """Who has had a part in the work: opened, owns, drafted, handled, reviewed, or wrote in an order."""
    with acting(EVERYTHING):
        orders = WorkOrder.objects.filter(case=case)
        accounts: set[int | None] = {case.owner_account_id}
        for columns in orders.values_list("drafted_by_account_id", "handler_account_id", "finished_by_account_id"):
            accounts.update(columns)
        accounts.update(OrderNote.objects.filter(order__case=case).values_list("account_id", flat=True))
        opened = Entry.objects.filter(case_id=case.pk, name="cases.opened")
        accounts.update(opened.values_list("account_id", flat=True))
        accounts.update(Contact.objects.filter(pk=case.contact_id).values_list("account_id", flat=True))
    return {account for account in accounts if account}


def may_follow_up(actor: Actor, case: Case) -> bool:
    """Whether this person is a third one: had no part in the work."""
    return rules.is_third_person(actor.account_id, involved_accounts(case))


def invitations_of(actor: Actor, case_id: int) -> list[RatingInvitation]:
    """The rating invitations of a case, newest first."""
    case = case_of(actor, case_id)
    return list(RatingInvitation.objects.filter(case=case).order_by("-invited_at", "-pk"))


def invitation_behind(token: str) -> RatingInvitation:
    """The invitation of a link. Anybody who holds the link may ask; NotFound for one that never was."""
    with acting(EVERYTHING):
        found = RatingInvitation.objects.select_related("case").filter(digest=rules.digest(token)).first()
    if found is None:
        raise not_found("评价链接", "followups.rating.unknown")
    return found


def open_invitation(case: Case, *, at: datetime) -> RatingInvitation | None:
    """The link of a case that still takes an answer."""
    waiting = RatingInvitation.objects.filter(case=case, rated_at=None, waived_at=None, expires_at__gt=at)
    return waiting.first()


def is_open(invitation: RatingInvitation, *, at: datetime) -> bool:
    """Whether the link still takes an answer."""
    return invitation.rated_at is None and invitation.waived_at is None and invitation.expires_at > at


def rating_path(invitation: RatingInvitation) -> str:
    """The path of the link, unsealed so that it can be shown in the chat or copied into a message."""
    return reverse("followups:rate", args=[unseal(bytes(invitation.token_sealed), field=SEALED_IN)])


def open_rating_path(conversation_id: int) -> str:
    """The path of the open invitation for a conversation's case; empty while there is none.

    The caller must have checked that whoever asks belongs to the conversation.
    """
    invitation = RatingInvitation.objects.filter(
        case__conversation_id=conversation_id, rated_at=None, waived_at=None
    ).first()
    return rating_path(invitation) if invitation else ""
