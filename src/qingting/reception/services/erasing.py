"""Somebody asks that what they said be erased: a person looks, erases what may be erased, and says what had to stay and why."""

from datetime import datetime

from django.db import transaction

from qingting.chat import services as chat
from qingting.core.actors import Actor
from qingting.core.crypto import keyring, seal
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.reception import selectors
from qingting.reception.events import LeftWordsErased
from qingting.reception.models import LeftMessage
from qingting.reception.permissions import ANSWER
from qingting.reception.services.left import SEALED, answer_left
from qingting.reception.states import LeftKind, LeftState

ERASED = "（已按本人要求删除）"
_DONE = "你说过的话已经删掉了，删掉的内容我们也找不回来。需要的时候，随时可以再来。"
_PARTLY = "能删的已经删掉了。有{kept}次聊天还留着：还没结束的，或者当时有生命危险、法律要求我们保存的。留着的也锁起来，不给不相干的人看。"


@transaction.atomic
def erase_for(*, actor: Actor, left_id: int, at: datetime) -> tuple[int, int]:
    """Erase the talks and messages of the visit that asked for it, and answer. Returns how many talks were erased and kept. Messages
    with danger in them are kept like talks with it."""
    row = selectors.left_for(actor, left_id)
    actor.require(ANSWER, row.organisation_id)
    if row.kind != LeftKind.ERASE or row.state != LeftState.WAITING:
        raise DomainError(
            "这条不是待处理的删除请求。", code="reception.erase.not-asked", do_next="刷新看看是不是已经有同事处理了。"
        )
    with acting(EVERYTHING):
        erased, kept = chat.erase_words(actor=actor, visit_id=row.visit_id or 0, at=at)
        mine = LeftMessage.objects.filter(visit_id=row.visit_id).exclude(visit_id=None).exclude(pk=row.pk)
        mine = mine.exclude(level__in=["URGENT", "CRITICAL"])
        mine.update(words=ERASED, when="")
        mine.exclude(phone_sealed=None).update(
            phone_sealed=seal("—", field=SEALED), phone_key_version=keyring().current
        )
    reply = _PARTLY.format(kept=kept) if kept else _DONE
    answer_left(actor=actor, left_id=left_id, reply=reply, note="", at=at)
    told = LeftWordsErased(
        organisation_id=row.organisation_id,
        province=row.province,
        left_message_id=row.pk,
        account_id=actor.account_id,
        erased=erased,
        kept=kept,
    )
    publish(told, actor=actor, at=at)
    return erased, kept
