"""How a station's door is set, and who is called at night, one after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.reception import selectors
from qingting.reception.events import SettingChanged, WatchChanged
from qingting.reception.models import Setting, Watch
from qingting.reception.permissions import ARRANGE

MOST_WATCHERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is set: the window, whether the machine also helps when everybody is busy, and whether a model may word answers."""

    night_on: bool
    begins: time
    ends: time
    when_busy: bool
    patience_seconds: int
    wording_on: bool


@transaction.atomic
def change_setting(*, actor: Actor, wish: Wish, at: datetime) -> Setting:
    """Set the door of the actor's station."""
    actor.require(ARRANGE, actor.organisation_id)
    if wish.begins == wish.ends:
        raise Invalid(
            "开始和结束不能是同一时刻。",
            code="reception.setting.window",
            do_next="整天都要开的话，请设为 00:00 到 23:59。",
        )
    if not 5 <= wish.patience_seconds <= 300:
        raise Invalid(
            "等待时间请填5到300秒。", code="reception.setting.patience", do_next="默认20秒：坐席没接，机器先打招呼。"
        )
    row = Setting.objects.filter(organisation_id=actor.organisation_id).first() or Setting(
        organisation_id=actor.organisation_id, province=actor.province
    )
    row.night_on, row.night_begins, row.night_ends = wish.night_on, wish.begins, wish.ends
    row.when_busy, row.patience_seconds, row.wording_on = wish.when_busy, wish.patience_seconds, wish.wording_on
    row.changed_by_account_id, row.changed_at = actor.account_id, at
    row.save()
    event = SettingChanged(organisation_id=row.organisation_id, province=row.province, setting_id=row.pk)
    publish(event, actor=actor, at=at)
    return row


@transaction.atomic
def arrange_watch(*, actor: Actor, account_ids: Sequence[int], at: datetime) -> None:
    """Who is called, in this order. Only colleagues who hold a post at the station."""
    actor.require(ARRANGE, actor.organisation_id)
    wanted = list(dict.fromkeys(account_ids))[:MOST_WATCHERS]
    known = {account_id for account_id, _name in selectors.colleagues(actor.organisation_id, at=at)}
    if not set(wanted) <= known:
        raise Invalid("名单里有人不在本台。", code="reception.watch.stranger", do_next="请从列表里重新选择。")
    Watch.objects.filter(organisation_id=actor.organisation_id).delete()
    Watch.objects.bulk_create(
        Watch(organisation_id=actor.organisation_id, province=actor.province, account_id=account_id, position=position)
        for position, account_id in enumerate(wanted)
    )
    event = WatchChanged(organisation_id=actor.organisation_id, province=actor.province, people=len(wanted))
    publish(event, actor=actor, at=at)
