"""Where one's phone is reached, added and tried by oneself. Addresses are secrets and stand sealed."""

from datetime import datetime
from urllib.parse import urlsplit

import apprise
from django.conf import settings
from django.db import transaction

from qingting.core.actors import SYSTEM, Actor
from qingting.core.crypto import key_version, keyring, seal, unseal
from qingting.core.errors import Invalid, not_found
from qingting.core.events import publish
from qingting.core.gateways import deliver
from qingting.core.scope import EVERYTHING, acting
from qingting.reception.events import SecretsResealed, TargetChanged
from qingting.reception.models import Target
from qingting.reception.permissions import WATCH
from qingting.reception.services.telephones import SEALED, number_of, ring_to_try
from qingting.reception.states import SCHEMES, TargetKind

MOST = 6


@transaction.atomic
def add_target(*, actor: Actor, kind: str, label: str, address: str, at: datetime) -> Target:
    """Add a channel to one's own phone. Raises Invalid for an address that is none of its kind, or leads where it may not."""
    actor.require(WATCH, actor.organisation_id)
    if Target.objects.filter(account_id=actor.account_id).count() >= MOST:
        raise Invalid(f"最多{MOST}种接收方式。", code="reception.target.many", do_next="请先删掉不用的。")
    kept, named = _kept(kind, address.strip())
    envelope = seal(kept, field=SEALED)
    target = Target.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        account_id=actor.account_id,
        kind=kind,
        label=label.strip()[:40] or named,
        sealed=envelope,
        key_version=key_version(envelope),
        added_at=at,
    )
    _tell(target, "添加", actor, at)
    return target


def _kept(kind: str, address: str) -> tuple[str, str]:
    """An address as it is sealed, and what it is called where nobody gave it a name: of a number the last two digits."""
    if kind == TargetKind.PHONE:
        number = number_of(address)
        return number, f"尾号{number[-2:]}的电话"
    _check(kind, address)
    return address, str(TargetKind(kind).label)


def _check(kind: str, address: str) -> None:
    parts = urlsplit(address)
    allowed = SCHEMES.get(TargetKind(kind), ()) if kind in TargetKind.values else ()
    if parts.scheme not in allowed or len(address) > 500 or not apprise.Apprise().add(address):
        raise Invalid(
            "这个地址和所选的方式对不上。",
            code="reception.target.address",
            do_next=f"地址应以 {'、'.join(f'{scheme}://' for scheme in allowed) or '所选方式的前缀'} 开头，照着说明从机器人设置里复制。",
            fields={"address": "请检查地址。"},
        )
    if kind == TargetKind.WEBHOOK and (parts.hostname or "") not in settings.ALERT_WEBHOOK_HOSTS:
        raise Invalid(
            "这台服务器没有允许发送到这个地址。",
            code="reception.target.host",
            do_next="请系统管理员把短信网关的主机名加进 QINGTING_ALERT_WEBHOOK_HOSTS。",
            fields={"address": "主机名没有被允许。"},
        )


def _own(actor: Actor, target_id: int) -> Target:
    target = Target.objects.filter(account_id=actor.account_id, pk=target_id).first()
    if target is None:
        raise not_found("接收方式", "reception.target.not-found")
    return target


@transaction.atomic
def remove_target(*, actor: Actor, target_id: int, at: datetime) -> None:
    """Alerts go there no more."""
    target = _own(actor, target_id)
    _tell(target, "删除", actor, at)
    target.delete()


def try_target(*, actor: Actor, target_id: int, at: datetime) -> bool | None:
    """Send a word to see whether it arrives; None where a telephone will ring, which says so later. A channel may take
    seconds: only a person who waits for it asks for this."""
    target = _own(actor, target_id)
    if target.kind == TargetKind.PHONE:
        ring_to_try(target, at=at)
        return None
    address = unseal(bytes(target.sealed), field=SEALED)
    worked = deliver(address, title="【青听】测试", body="这是一条测试。收到它，说明有警报时能叫到您。")
    Target.objects.filter(pk=target.pk).update(tested_at=at, test_worked=worked)
    return worked


def _tell(target: Target, act: str, actor: Actor, at: datetime) -> None:
    event = TargetChanged(
        organisation_id=target.organisation_id,
        province=target.province,
        target_id=target.pk,
        account_id=target.account_id,
        act=act,
    )
    publish(event, actor=actor, at=at)


@transaction.atomic
def rotate_targets(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` addresses of older keys with the current one. Returns how many; 0 when done."""
    current = keyring().current
    with acting(EVERYTHING):
        rows = list(Target.objects.filter(key_version__lt=current).select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.sealed, row.key_version = seal(unseal(bytes(row.sealed), field=SEALED), field=SEALED), current
        Target.objects.bulk_update(rows, ["sealed", "key_version"])
        if rows:
            told = SecretsResealed(organisation_id=0, province="", values=len(rows), key_version=current)
            publish(told, actor=SYSTEM, at=at)
    return len(rows)
