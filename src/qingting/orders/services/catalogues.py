"""Every write of dispatch catalogues: made, changed while a draft, activated with a date."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.directory import selectors as directory
from qingting.directory.states import Urgency
from qingting.orders import selectors
from qingting.orders.events import CatalogueActivated, CatalogueChanged
from qingting.orders.models import Catalogue, CatalogueLine
from qingting.orders.permissions import CONFIGURE
from qingting.orders.services.acts import handler_within
from qingting.orders.states import LONGEST_MINUTES, MOST_LINES, CatalogueState, HandlerRule, OrderKind

_COPIED = (
    "position", "category", "division", "kind", "urgency", "rule", "handler_organisation_id", "accept_minutes",
    "work_minutes", "working_time",
)  # fmt: skip


@transaction.atomic
def make_catalogue(*, actor: Actor, name: str, at: datetime) -> Catalogue:
    """Begin a draft, with the lines of the one that counts now."""
    actor.require(CONFIGURE)
    if not name.strip():
        raise Invalid("请给派单目录起个名字。", code="orders.catalogue.name")
    made = Catalogue.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        name=name.strip()[:60],
        made_at=at,
        made_by_account_id=actor.account_id,
    )
    now = selectors.lines_of(selectors.current_catalogue(actor.organisation_id, at=at))
    CatalogueLine.objects.bulk_create(
        [_line(made, {column: getattr(line, column) for column in _COPIED}) for line in now]
    )
    _tell(made, actor, at)
    return made


def _line(catalogue: Catalogue, values: dict[str, Any]) -> CatalogueLine:
    home = {"organisation_id": catalogue.organisation_id, "province": catalogue.province}
    return CatalogueLine(catalogue=catalogue, **home, **values)


def _tell(catalogue: Catalogue, actor: Actor, at: datetime) -> None:
    publish(
        CatalogueChanged(
            organisation_id=catalogue.organisation_id, province=catalogue.province, catalogue_id=catalogue.pk
        ),
        actor=actor,
        at=at,
    )


def _draft(actor: Actor, catalogue_id: int) -> Catalogue:
    catalogue = selectors.catalogue_of(actor, catalogue_id)
    if catalogue.state != CatalogueState.DRAFT:
        raise DomainError(
            "已启用的派单目录不能修改。",
            code="orders.catalogue.active",
            do_next="请新建一份（会带上现在的内容），改好后再启用。",
        )
    return Catalogue.objects.select_for_update().get(pk=catalogue.pk)


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is entered of a line; codes empty where it shall fit everything, minutes None where they stay as usual."""

    rule: str
    category: str = ""
    division: str = ""
    kind: str = ""
    urgency: str = ""
    handler_organisation_id: int | None = None
    accept_minutes: int | None = None
    work_minutes: int | None = None
    working_time: bool = False


@transaction.atomic
def add_line(*, actor: Actor, catalogue_id: int, new: NewLine, at: datetime) -> CatalogueLine:
    """Add a line at the end."""
    catalogue = _draft(actor, catalogue_id)
    _check(catalogue, new)
    lines = CatalogueLine.objects.filter(catalogue=catalogue)
    if lines.count() >= MOST_LINES:
        raise DomainError(f"一份目录最多{MOST_LINES}行。", code="orders.catalogue.too-long", do_next="请合并相近的行。")
    last = lines.aggregate(last=Max("position"))["last"] or 0
    values = {name: getattr(new, name) for name in NewLine.__dataclass_fields__} | {"position": last + 1}
    if new.rule != HandlerRule.FIXED:
        values["handler_organisation_id"] = None
    line = _line(catalogue, values)
    line.save(force_insert=True)
    _tell(catalogue, actor, at)
    return line


def _check(catalogue: Catalogue, new: NewLine) -> None:
    codes = (
        (new.rule, HandlerRule.values, False),
        (new.kind, OrderKind.values, True),
        (new.urgency, Urgency.values, True),
    )
    unknown = any(code not in known and not (empty and not code) for code, known, empty in codes)
    lost = (new.category and not directory.category_is_known(new.category)) or (
        new.division and not directory.division_is_known(new.division)
    )
    minutes = [value for value in (new.accept_minutes, new.work_minutes) if value is not None]
    nobody = new.rule == HandlerRule.FIXED and not new.handler_organisation_id
    if unknown or lost or nobody or any(not 1 <= value <= LONGEST_MINUTES for value in minutes):
        raise Invalid(
            "请检查这一行的选择和分钟数。",
            code="orders.catalogue.line",
            do_next="时限以分钟计，不填则按单位的时限设置。",
        )
    if new.rule == HandlerRule.FIXED:
        handler_within(catalogue.province, new.handler_organisation_id or 0)


@transaction.atomic
def drop_line(*, actor: Actor, catalogue_id: int, line_id: int, at: datetime) -> None:
    """Take a line out of a draft."""
    catalogue = _draft(actor, catalogue_id)
    _line_of(catalogue, line_id).delete()
    _tell(catalogue, actor, at)


@transaction.atomic
def raise_line(*, actor: Actor, catalogue_id: int, line_id: int, at: datetime) -> None:
    """Let a line count before the one above it."""
    catalogue = _draft(actor, catalogue_id)
    line = _line_of(catalogue, line_id)
    above = CatalogueLine.objects.filter(catalogue=catalogue, position__lt=line.position).order_by("-position").first()
    if above is not None:
        for one, position in ((line, above.position), (above, line.position)):
            CatalogueLine.objects.filter(pk=one.pk).update(position=position)
        _tell(catalogue, actor, at)


def _line_of(catalogue: Catalogue, line_id: int) -> CatalogueLine:
    found = CatalogueLine.objects.filter(catalogue=catalogue, pk=line_id).first()
    if found is None:
        raise not_found("目录行", "orders.catalogue.line-not-found")
    return found


@transaction.atomic
def activate_catalogue(*, actor: Actor, catalogue_id: int, active_from: datetime, at: datetime) -> Catalogue:
    """Let a draft count from a moment on (启用); what counted before ends there. Orders that are out keep their deadlines."""
    catalogue = _draft(actor, catalogue_id)
    if not CatalogueLine.objects.filter(catalogue=catalogue).exists():
        raise Invalid("目录里还没有内容，不能启用。", code="orders.catalogue.empty", do_next="请先加几行。")
    catalogue.state, catalogue.active_from = CatalogueState.ACTIVE, max(active_from, at)
    catalogue.activated_by_account_id = actor.account_id
    catalogue.save(update_fields=["state", "active_from", "activated_by_account_id"])
    told = CatalogueActivated(
        organisation_id=catalogue.organisation_id,
        province=catalogue.province,
        catalogue_id=catalogue.pk,
        active_from=catalogue.active_from,
    )
    publish(told, actor=actor, at=at)
    return catalogue


@transaction.atomic
def drop_catalogue(*, actor: Actor, catalogue_id: int, at: datetime) -> None:
    """Throw a draft away."""
    catalogue = _draft(actor, catalogue_id)
    _tell(catalogue, actor, at)
    catalogue.delete()
