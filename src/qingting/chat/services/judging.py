"""What a person says about danger: the machine was wrong, it missed something, or the level can come down."""

from datetime import datetime

from django.db import transaction

from qingting.chat import rules
from qingting.chat.events import DangerCorrected, DangerLowered
from qingting.chat.models import Conversation, DangerJudgement, DangerSign, Message
from qingting.chat.selectors import conversation_for
from qingting.chat.services.danger import STARTS_THE_CLOCK, raise_danger
from qingting.chat.states import Author
from qingting.core.actors import Actor
from qingting.core.clocks import cancel_clock
from qingting.core.errors import Invalid, not_found
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import ClockKind, Urgency
from qingting.screening import TYPES, level_label
from qingting.screening.editions import in_force

NONE = "NONE"
BY_PERSON = "person"  # `why` of a sign that a person saw and the machine did not


@transaction.atomic
def correct_sign(*, actor: Actor, sign_id: int, level: str, words: str, at: datetime) -> DangerSign:
    """A counsellor says that the machine was wrong. The finding stays beside the correction, for learning from it.

    level: a danger level or 'NONE'; the level of the conversation itself comes down by `lower_danger` only.
    """
    sign = DangerSign.objects.select_related("conversation").filter(pk=sign_id).first()
    if sign is None:
        raise not_found("危险信号", "chat.sign.not-found")
    conversation_for(actor, sign.conversation_id, to_write=True)
    if level not in {*Urgency.values, NONE}:
        raise Invalid("请选择更正后的等级。", code="chat.sign.level", do_next="可选：特急、紧急、一般、无危险。")
    sign.corrected_level, sign.correction_words = level, words.strip()[:200]
    sign.corrected_by_account_id, sign.corrected_at = actor.account_id, at
    sign.save()
    publish(_corrected(sign), actor=actor, at=at)
    if level != NONE and rules.is_rise(sign.conversation.danger_level, level):
        _raise(sign, level, at)
    return sign


def _corrected(sign: DangerSign) -> DangerCorrected:
    return DangerCorrected(
        organisation_id=sign.organisation_id,
        province=sign.province,
        conversation_id=sign.conversation_id,
        sign_id=sign.id,
    )


@transaction.atomic
def report_missed(*, actor: Actor, message_id: int, type_: str, level: str, at: datetime) -> DangerSign:
    """A counsellor saw danger in a message where the machine saw none of this type. It counts from now on."""
    message = Message.objects.filter(pk=message_id, author=Author.SEEKER).first()
    if message is None:
        raise not_found("消息", "chat.message.not-found")
    conversation = conversation_for(actor, message.conversation_id, to_write=True)
    if type_ not in TYPES or level not in Urgency.values:
        raise Invalid("请选择危险的类型和等级。", code="chat.sign.missed", do_next="两项都选好以后再提交。")
    with in_force(message.organisation_id) as edition:
        read_with = edition.id
    sign = DangerSign.objects.create(
        organisation_id=message.organisation_id,
        province=message.province,
        conversation=conversation,
        message=message,
        type=type_,
        level=level,
        start=0,
        end=len(message.text),
        why=BY_PERSON,
        edition_id=read_with,
        score=1.0,
        corrected_by_account_id=actor.account_id,
        corrected_at=at,
    )
    publish(_corrected(sign), actor=actor, at=at)
    _raise(sign, level, at)
    return sign


def _raise(sign: DangerSign, level: str, at: datetime) -> None:
    """The line and the clocks belong to the station as a whole, not to who speaks."""
    with acting(EVERYTHING):
        raise_danger(sign.conversation, sign.message_id, level, at=at)


@transaction.atomic
def lower_danger(*, actor: Actor, conversation_id: int, level: str, words: str, at: datetime) -> DangerJudgement:
    """The counsellor who has the conversation takes its level down, with a reason. `level` may be 'NONE'.

    The machine may raise it again, but only by what is said from now on. The crisis clock goes on for 紧急 and above.
    """
    conversation = conversation_for(actor, conversation_id, to_write=True)
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    to = "" if level == NONE else level
    if level not in {*Urgency.values, NONE} or not rules.is_rise(to, conversation.danger_level):
        raise Invalid(
            "只能改为更低的等级。", code="chat.danger.not-lower", do_next="有新的危险时，系统和您都可以随时调高。"
        )
    if len(words.strip()) < rules.SHORTEST_REASON:
        raise Invalid(
            "请写明下调的理由。",
            code="chat.danger.reason-missing",
            do_next="例如：已电话核实，家人在身边，约好明天再联系。",
        )
    judgement = DangerJudgement.objects.create(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation=conversation,
        account_id=actor.account_id,
        from_level=conversation.danger_level,
        to_level=to,
        words=words.strip()[:300],
        judged_at=at,
    )
    conversation.danger_level, conversation.danger_judged_seq = to, conversation.last_seq
    conversation.danger_since = conversation.danger_since if to else None
    conversation.save(update_fields=["danger_level", "danger_judged_seq", "danger_since"])
    if to not in STARTS_THE_CLOCK:
        cancel_clock(subject=("conversation", conversation.id), kind=ClockKind.CRISIS_INTERVENTION, at=at)
    publish(_lowered(judgement), actor=actor, at=at)
    return judgement


def _lowered(judgement: DangerJudgement) -> DangerLowered:
    return DangerLowered(
        organisation_id=judgement.organisation_id,
        province=judgement.province,
        conversation_id=judgement.conversation_id,
        judgement_id=judgement.id,
        from_level=judgement.from_level,
        to_level=judgement.to_level,
        from_label=level_label(judgement.from_level),
        to_label=level_label(judgement.to_level or None),
    )
