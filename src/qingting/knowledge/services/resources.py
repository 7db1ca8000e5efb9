"""Lines and places: entered by one, confirmed by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.time import local
from qingting.knowledge import permissions, selectors
from qingting.knowledge.events import ResourceChanged
from qingting.knowledge.models import Resource
from qingting.knowledge.sheet import FIELDS, LONGEST, Fields
from qingting.knowledge.states import ResourceKind

GOOD_FOR = timedelta(days=183)  # numbers and hours change: somebody looks again after half a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What is entered about a line or place. hours: as in `opening`."""

    kind: str
    name: str
    phone: str = ""
    address: str = ""
    division: str = ""
    about: str = ""
    hours: tuple[dict[str, Any], ...] = ()
    categories: tuple[str, ...] = ()


@transaction.atomic
def enter_resource(*, actor: Actor, entered: Entered, at: datetime, resource_id: int | None = None) -> Resource:
    """Enter or correct one. Whatever is changed has to be confirmed again."""
    actor.require(permissions.WRITE, actor.organisation_id)
    _check(actor, entered)
    row = (
        selectors.resource_for(actor, resource_id)
        if resource_id
        else Resource(organisation_id=actor.organisation_id, province=actor.province)
    )
    return put_resource(row, _fields(entered), actor, at)


def _fields(entered: Entered) -> Fields:
    words = {name: getattr(entered, name).strip() for name in ("name", "phone", "address", "about")}
    lists = {"hours": list(entered.hours), "categories": list(entered.categories)}
    return {"kind": entered.kind, "division": entered.division, **words, **lists}


def put_resource(row: Resource, fields: Fields, actor: Actor, at: datetime) -> Resource:
    """Make a row say these fields, to be confirmed by a second person."""
    for name in FIELDS:
        setattr(row, name, fields[name])
    row.entered_by_account_id, row.entered_at = actor.account_id, at
    row.confirmed_by_account_id, row.confirmed_at, row.expires_on = None, None, None
    row.save()
    _tell(row, "登记", actor, at)
    return row


def fields_of(row: Resource) -> Fields:
    """What a row says, as in `sheet`."""
    return {name: getattr(row, name) for name in FIELDS}


def _check(actor: Actor, entered: Entered) -> None:
    wrong = {}
    if entered.division and entered.division not in {division.code for division in selectors.divisions_of(actor)}:
        wrong["division"] = "请选择本单位所在的地方，或者它下面的市、县。"
    if entered.kind not in ResourceKind.values:
        wrong["kind"] = "请选择类别。"
    if not 2 <= len(entered.name.strip()) <= 80:
        wrong["name"] = "写2到80个字。"
    if not (entered.phone.strip() or entered.address.strip()):
        wrong["phone"] = "电话和地址至少写一项。"
    for name in ("phone", "address", "about"):
        if len(getattr(entered, name).strip()) > LONGEST[name]:
            wrong[name] = f"最多{LONGEST[name]}个字。"
    if wrong:
        raise Invalid("有几处需要改一下。", code="knowledge.resource.invalid", do_next="按提示修改。", fields=wrong)


@transaction.atomic
def confirm_resource(*, actor: Actor, resource_id: int, at: datetime) -> None:
    """A second person has checked number, place and hours; it is shown for half a year."""
    row = selectors.resource_for(actor, resource_id)
    actor.require(permissions.REVIEW, row.organisation_id)
    if row.entered_by_account_id == actor.account_id:
        raise DomainError(
            "自己登记的信息要请另一位同事核对。", code="knowledge.resource.own", do_next="请值班长或其他审核人核对。"
        )
    until = local(at).date() + GOOD_FOR
    Resource.objects.filter(pk=row.pk).update(
        confirmed_by_account_id=actor.account_id, confirmed_at=at, expires_on=until
    )
    _tell(row, "核对", actor, at)


@transaction.atomic
def confirm_resources(*, actor: Actor, resource_ids: Sequence[int], at: datetime) -> None:
    """Several at once; all of them, or none."""
    if not resource_ids:
        raise DomainError("还没有选。", code="knowledge.resource.none", do_next="勾上打过电话核对的，再点确认。")
    for resource_id in resource_ids:
        confirm_resource(actor=actor, resource_id=resource_id, at=at)


@transaction.atomic
def retire_resource(*, actor: Actor, resource_id: int, at: datetime) -> None:
    """It is shown no more."""
    row = selectors.resource_for(actor, resource_id)
    actor.require(permissions.WRITE, row.organisation_id)
    Resource.objects.filter(pk=row.pk).update(retired_at=at)
    _tell(row, "停用", actor, at)


def take_back(row: Resource, before: Fields | None, actor: Actor, at: datetime) -> None:
    """A row as it was before a table changed it; one that the table brought (`before` None) is shown no more."""
    if before is None:
        Resource.objects.filter(pk=row.pk).update(retired_at=at)
    else:
        Resource.objects.filter(pk=row.pk).update(**before)
    _tell(row, "撤销登记", actor, at)


def _tell(row: Resource, act: str, actor: Actor, at: datetime) -> None:
    event = ResourceChanged(organisation_id=row.organisation_id, province=row.province, resource_id=row.pk, act=act)
    publish(event, actor=actor, at=at)
