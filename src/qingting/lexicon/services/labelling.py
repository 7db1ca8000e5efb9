"""A counsellor's correction becomes a labelled row: a second person reads it, takes out what names somebody, and decides."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.chat.models import DangerSign
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.lexicon import masking, selectors
from qingting.lexicon.events import CorrectionDecided, CorrectionRead
from qingting.lexicon.models import LabelledRow
from qingting.lexicon.permissions import LABEL
from qingting.lexicon.states import RowState
from qingting.screening import LEVELS, TYPES

LONGEST = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence as it may be kept, and what it says. type, level: '' where it is harmless."""

    text: str
    type: str
    level: str


@transaction.atomic
def read_correction(*, actor: Actor, sign_id: int, at: datetime) -> tuple[DangerSign, str]:
    """One correction with its words, masked as far as a machine can. Reading it is told to the journal."""
    actor.require(LABEL)
    sign = selectors.correction_for(actor, sign_id)
    read = CorrectionRead(
        organisation_id=sign.organisation_id,
        province=sign.province,
        sign_id=sign.pk,
        conversation_id=sign.conversation_id,
    )
    publish(read, actor=actor, at=at)
    return sign, masking.masked(sign.message.text)[:LONGEST]


@transaction.atomic
def confirm_correction(*, actor: Actor, sign_id: int, answer: Answer, at: datetime) -> LabelledRow:
    """The counsellor was right, or this is: the sentence is kept for learning and as a test of every version to come."""
    sign = _open(actor, sign_id)
    _check(answer)
    return _decided(
        sign, actor, at, state=RowState.CONFIRMED, text=answer.text.strip(), type=answer.type, level=answer.level
    )


@transaction.atomic
def dismiss_correction(*, actor: Actor, sign_id: int, words: str, at: datetime) -> LabelledRow:
    """Not worth learning from: the finding was right, the sentence says too little, or it can't be told without a name."""
    sign = _open(actor, sign_id)
    if len(words.strip()) < 2:
        said = "写一句为什么不采用。"
        raise Invalid(
            said, code="lexicon.correction.reason", do_next="例如：离开上下文看不出来。", fields={"words": said}
        )
    return _decided(sign, actor, at, state=RowState.DISMISSED, words=words.strip()[:200])


def _open(actor: Actor, sign_id: int) -> DangerSign:
    actor.require(LABEL)
    return selectors.correction_for(actor, sign_id)


def _check(answer: Answer) -> None:
    wrong = {}
    if not 2 <= len(answer.text.strip()) <= LONGEST:
        wrong["text"] = f"留2到{LONGEST}个字。"
    elif masking.masked(answer.text) != answer.text:
        wrong["text"] = "还有像号码、姓名、学校或地址的地方，请改成〔〕里的说法。"
    if (answer.type not in TYPES or answer.level not in LEVELS) if answer.type or answer.level else False:
        wrong["type"] = "类型和等级要一起选，或都选“不是危险”。"
    if wrong:
        raise Invalid("有几处需要改一下。", code="lexicon.correction.invalid", do_next="按提示修改。", fields=wrong)


def _decided(sign: DangerSign, actor: Actor, at: datetime, **fields: str) -> LabelledRow:
    row = LabelledRow.objects.create(
        organisation_id=sign.organisation_id,
        province=sign.province,
        sign_id=sign.pk,
        edition_id=sign.edition_id,
        corrected_by_account_id=sign.corrected_by_account_id or 0,
        confirmed_by_account_id=actor.account_id,
        confirmed_at=at,
        **fields,
    )
    told = CorrectionDecided(
        organisation_id=sign.organisation_id,
        province=sign.province,
        sign_id=sign.pk,
        conversation_id=sign.conversation_id,
        kept=row.state == RowState.CONFIRMED,
    )
    publish(told, actor=actor, at=at)
    return row
