"""The second person: a version comes into use, goes back to its writer, or an older one returns."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.lexicon import measures, rules, selectors
from qingting.lexicon.events import VersionActivated, VersionSentBack, VersionSubmitted
from qingting.lexicon.models import LexiconVersion
from qingting.lexicon.permissions import APPROVE, PROPOSE
from qingting.lexicon.services.drafting import created, moved
from qingting.lexicon.states import IN_WORK, VersionKind, VersionState
from qingting.staff.services import News, notify_account, notify_holders

SHORTEST_REASON = 4


def _to_decide(actor: Actor, version_id: int) -> LexiconVersion:
    version = selectors.version_for(actor, version_id)
    actor.require(APPROVE, version.organisation_id)
    version = LexiconVersion.objects.select_for_update().get(pk=version.pk)
    if version.proposed_by_account_id == actor.account_id:
        raise DomainError(
            "自己提出的修改要由另一位同事复核。", code="lexicon.version.own", do_next="请另一位有复核权限的同事来看。"
        )
    return version


@transaction.atomic
def approve(*, actor: Actor, version_id: int, words: str, at: datetime) -> LexiconVersion:
    """A second person has seen what it does; from now on texts are read with it, without a restart."""
    version = _to_decide(actor, version_id)
    active = selectors.active_version(version.organisation_id)
    if version.base_id != (active.pk if active else None):
        raise DomainError(
            "评测之后已经启用了另一版。", code="lexicon.version.stale", do_next="请退回起草人，重新提交评测。"
        )
    return _activate(version, actor, words, at)


def _activate(version: LexiconVersion, actor: Actor, words: str, at: datetime) -> LexiconVersion:
    if rules.checksum(version.content) != version.checksum:
        raise DomainError("这一版的内容和校验值对不上。", code="lexicon.version.damaged", do_next="请退回，重新提交。")
    own = LexiconVersion.objects.filter(organisation_id=version.organisation_id)
    own.filter(state=VersionState.ACTIVE).update(state=VersionState.RETIRED, retired_at=at)
    decided = {"decided_by_account_id": actor.account_id, "decided_at": at, "decision_words": words.strip()[:300]}
    moved(version, "approve", **decided, activated_at=at)
    told = VersionActivated(**version.facts(), checksum=version.checksum, emergency=version.emergency)
    publish(told, actor=actor, at=at)
    kind = "lexicon.emergency" if version.emergency else "lexicon.activated"
    news = News(
        kind=kind, subject=("lexicon_version", version.pk), urgency="URGENT" if version.emergency else "ROUTINE"
    )
    notify_holders(organisation_id=version.organisation_id, permission=PROPOSE, news=news, at=at)
    return version


@transaction.atomic
def send_back(*, actor: Actor, version_id: int, words: str, at: datetime) -> LexiconVersion:
    """Back to its writer, with what should be different."""
    version = _to_decide(actor, version_id)
    if len(words.strip()) < SHORTEST_REASON:
        said = "写一句要改什么。"
        raise Invalid(said, code="lexicon.version.reason", do_next="起草人会看到。", fields={"words": said})
    decided = {"decided_by_account_id": actor.account_id, "decided_at": at, "decision_words": words.strip()[:300]}
    moved(version, "send_back", **decided)
    version.shifts.all().delete()
    publish(VersionSentBack(**version.facts()), actor=actor, at=at)
    news = News(kind="lexicon.sent-back", subject=("lexicon_version", version.pk), urgency="ROUTINE")
    notify_account(organisation_id=version.organisation_id, account_id=version.proposed_by_account_id, news=news, at=at)
    return version


@transaction.atomic
def roll_back(*, actor: Actor, to_version_id: int, words: str, emergency: bool, at: datetime) -> LexiconVersion:
    """Return to an older version (0: the data as shipped). It is measured and approved like any other; in an emergency one
    person with the right to approve brings it back at once, with a reason, and everybody concerned is told."""
    actor.require(APPROVE if emergency else PROPOSE, actor.organisation_id)
    if len(words.strip()) < SHORTEST_REASON:
        said = "写一句为什么要退回。"
        raise Invalid(said, code="lexicon.version.reason", do_next="理由会留在记录里。", fields={"words": said})
    goal = selectors.version_for(actor, to_version_id) if to_version_id else None
    active = selectors.active_version(actor.organisation_id)
    _check_goal(actor, goal, active)
    content = goal.content if goal else rules.written({})
    if emergency:
        _clear_the_way(actor, at)
    more = {"words": words.strip()[:300], "measures": measures.nothing_yet(), "emergency": emergency}
    state = VersionState.WAITING if emergency else VersionState.MEASURING
    version = created(
        actor, active, content=content, kind=VersionKind.ROLL_BACK, at=at, state=state, submitted_at=at, **more
    )
    publish(VersionSubmitted(**version.facts(), checksum=version.checksum), actor=actor, at=at)
    return _activate(version, actor, words, at) if emergency else version


def _check_goal(actor: Actor, goal: LexiconVersion | None, active: LexiconVersion | None) -> None:
    if goal is not None and (goal.organisation_id != actor.organisation_id or goal.activated_at is None):
        raise DomainError("只能退回用过的版本。", code="lexicon.version.never-used", do_next="请从历史里选择。")
    if (goal.content if goal else rules.written({})) == (active.content if active else rules.written({})):
        raise DomainError("现在用的就是这一版的内容。", code="lexicon.version.same", do_next="无需退回。")


def _clear_the_way(actor: Actor, at: datetime) -> None:
    """An emergency does not wait for what is in work; that is withdrawn and can be proposed again."""
    open_ones = LexiconVersion.objects.filter(organisation_id=actor.organisation_id, state__in=IN_WORK)
    open_ones.update(state=VersionState.WITHDRAWN, decided_at=at, decision_words="紧急退回旧版时撤下")
