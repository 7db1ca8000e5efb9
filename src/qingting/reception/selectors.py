"""Reading the door: whether the machine is needed, whom an alert calls, what was left and said."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.db.models import Q, QuerySet

from qingting.chat.models import Conversation
from qingting.chat.states import ConversationState
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.heartbeats import state_of_parts
from qingting.directory.selectors import ancestors
from qingting.duty.models import Engagement, Presence
from qingting.duty.rules import HEARTBEAT_LASTS
from qingting.duty.states import PresenceState
from qingting.knowledge.selectors import Found
from qingting.reception import permissions, rules
from qingting.reception.models import Alert, Attendance, Call, LeftMessage, Setting, Target, Utterance, Watch
from qingting.reception.states import LeftState, Reason, Rung
from qingting.staff.models import Account
from qingting.staff.selectors import holders

NEEDED_PARTS = ("worker", "line", "push")  # without one of these nobody would be told in time


def setting_of(organisation_id: int) -> Setting:
    """How the station's door is set; the defaults where nobody has set it."""
    return Setting.objects.filter(organisation_id=organisation_id).first() or Setting(organisation_id=organisation_id)


def hours_of(setting: Setting) -> rules.Hours:
    """The station's window."""
    return rules.Hours(setting.night_on, setting.night_begins, setting.night_ends)


def reason_to_attend(conversation: Conversation, *, at: datetime) -> Reason | None:
    """Why the machine should go to a conversation that waits, if it should."""
    setting = setting_of(conversation.organisation_id)
    situation = rules.Situation(
        night=rules.is_night(hours_of(setting), at),
        ready=_ready(conversation.organisation_id, at),
        down=part_is_down(at=at),
        waited=at - conversation.started_at,
        patience=timedelta(seconds=setting.patience_seconds),
        when_busy=setting.when_busy,
    )
    return rules.reason_for(situation)


def _ready(organisation_id: int, at: datetime) -> int:
    """People at seats with room for one more."""
    here = Presence.objects.filter(
        organisation_id=organisation_id, state=PresenceState.READY, last_heartbeat_at__gte=at - HEARTBEAT_LASTS
    )
    busy = list(
        Engagement.objects.filter(organisation_id=organisation_id, ended_at=None).values_list("account_id", flat=True)
    )
    return sum(busy.count(presence.account_id) < presence.capacity for presence in here)


def part_is_down(*, at: datetime) -> bool:
    """Whether a part without which nobody is told has stopped. One that was never seen does not run here."""
    parts = state_of_parts(at=at)
    return any(name in parts and not parts[name]["ok"] for name in NEEDED_PARTS)


def wording_is_on(organisation_id: int, *, at: datetime) -> bool:
    """Whether a model may word this station's answers: both the installation and the station say so, and who asks it is at work."""
    return bool(settings.WORDING_URL) and setting_of(organisation_id).wording_on and not part_is_down(at=at)


def candidate(hit: Found) -> rules.Candidate:
    """What was found, as the rules read it."""
    version = hit.article.live_version
    title, summary = (version.title, version.summary) if version else (hit.article.title, "")
    return rules.Candidate(hit.article.pk, title, summary, hit.strength, hit.known, hit.clear)


class AlertFacts(TypedDict):
    """The fields that all alert events share."""

    organisation_id: int
    province: str
    alert_id: int
    conversation_id: int
    left_message_id: int


def alert_facts(alert: Alert) -> AlertFacts:
    """What every event about this alert says."""
    return {
        "organisation_id": alert.organisation_id,
        "province": alert.province,
        "alert_id": alert.pk,
        "conversation_id": alert.subject_id if alert.subject_kind == "conversation" else 0,
        "left_message_id": alert.subject_id if alert.subject_kind == "left_message" else 0,
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: who is called at the same time."""

    rung: Rung
    account_ids: tuple[int, ...]


def ladder(organisation_id: int, *, at: datetime) -> list[Step]:
    """Whom an alert calls: each of the watch in its order (without one, all who are at seats), then the shift leaders, then
    the province. Steps without anybody are left out; nobody is called twice in a row for the same thing."""
    watch = Watch.objects.filter(organisation_id=organisation_id).order_by("position")
    active = set(Account.objects.filter(is_active=True).values_list("id", flat=True))
    order = [account_id for account_id in watch.values_list("account_id", flat=True) if account_id in active]
    steps = [Step(Rung.DUTY, (account_id,)) for account_id in order]
    if not steps:
        steps = [Step(Rung.DUTY, _at_seats(organisation_id, at))]
    steps.append(Step(Rung.LEADER, _holding("duty.lead", organisation_id, at)))
    above = ancestors(organisation_id)[1:2]
    steps.extend(Step(Rung.PROVINCE, _holding(permissions.WATCH, parent, at)) for parent in above)
    return [step for step in steps if step.account_ids]


def _at_seats(organisation_id: int, at: datetime) -> tuple[int, ...]:
    here = Presence.objects.filter(organisation_id=organisation_id, last_heartbeat_at__gte=at - HEARTBEAT_LASTS)
    present = here.exclude(state=PresenceState.OFFLINE).order_by("changed_at")
    return tuple(present.values_list("account_id", flat=True))


def _holding(permission: str, organisation_id: int, at: datetime) -> tuple[int, ...]:
    return tuple(holders(organisation_id, permission, at=at).order_by("id").values_list("id", flat=True))


def colleagues(organisation_id: int, *, at: datetime) -> list[tuple[int, str]]:
    """Who may stand on the watch: id and name of everybody who may see alerts here."""
    rows = holders(organisation_id, permissions.WATCH, at=at).order_by("display_name")
    return list(rows.values_list("id", "display_name"))


def watch_of(organisation_id: int) -> list[int]:
    """Account ids in the order of the watch."""
    rows = Watch.objects.filter(organisation_id=organisation_id).order_by("position")
    return list(rows.values_list("account_id", flat=True))


def own_targets(actor: Actor) -> QuerySet[Target]:
    """Where one's own alerts go."""
    return Target.objects.filter(account_id=actor.account_id).order_by("added_at")


def reachable(account_ids: list[int]) -> set[int]:
    """Which of these have somewhere to be reached."""
    return set(Target.objects.filter(account_id__in=account_ids).values_list("account_id", flat=True))


def call_of(token: str) -> Call | None:
    """The call that a link belongs to."""
    found = Call.objects.filter(token_digest=hashlib.sha256(token.encode()).digest())
    return found.select_related("alert").first()


def alerts_here(actor: Actor) -> QuerySet[Alert]:
    """Alerts of the actor's organisations, the newest first."""
    actor.require(permissions.WATCH)
    return Alert.objects.filter(organisation_id__in=sorted(actor.scope.organisations)).order_by("-raised_at")


def alert_for(actor: Actor, alert_id: int) -> Alert:
    """One of them."""
    found = alerts_here(actor).filter(pk=alert_id).first()
    if found is None:
        raise not_found("警报", "reception.alert.not-found")
    return found


def calls_of(alert: Alert) -> list[Call]:
    """Who was called for it, in order."""
    return list(alert.calls.order_by("called_at", "id"))


def attended_here(actor: Actor) -> list[tuple[Attendance, Conversation]]:
    """Conversations that the machine is with now, danger first, the longest wait first."""
    actor.require(permissions.WATCH)
    rows = Attendance.objects.filter(organisation_id__in=sorted(actor.scope.organisations), silent_at=None)
    attended = {row.conversation_id: row for row in rows.order_by("-began_at")[:200]}
    talks = Conversation.objects.filter(pk__in=attended, state=ConversationState.WAITING).order_by("started_at")
    pairs = [(attended[talk.id], talk) for talk in talks]
    return sorted(pairs, key=lambda pair: -("", "ROUTINE", "URGENT", "CRITICAL").index(pair[1].danger_level))


def attends(conversation_id: int) -> bool:
    """Whether the machine is with this conversation."""
    return Attendance.objects.filter(conversation_id=conversation_id, silent_at=None).exists()


def sources_of(conversation_id: int, *, after: int) -> dict[int, list[int]]:
    """Number of a machine's message → ids of the articles it rests on."""
    rows = Utterance.objects.filter(conversation_id=conversation_id, seq__gt=after).exclude(articles=[])
    return dict(rows.values_list("seq", "articles"))


def left_here(actor: Actor, *, answered: bool = False) -> QuerySet[LeftMessage]:
    """Messages left with the actor's organisations: danger and the oldest first; or those answered, the newest first."""
    actor.require(permissions.ANSWER)
    rows = LeftMessage.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    if answered:
        return rows.filter(state=LeftState.ANSWERED).order_by("-answered_at")
    return rows.filter(state=LeftState.WAITING).order_by("left_at")


def left_for(actor: Actor, left_id: int) -> LeftMessage:
    """One of them."""
    actor.require(permissions.ANSWER)
    found = LeftMessage.objects.filter(organisation_id__in=sorted(actor.scope.organisations), pk=left_id).first()
    if found is None:
        raise not_found("留言", "reception.left.not-found")
    return found


def left_by(actor: Actor) -> QuerySet[LeftMessage]:
    """The seeker's own, on this visit."""
    return LeftMessage.objects.filter(Q(visit_id=actor.visit_id) & ~Q(visit_id=None)).order_by("-left_at")
