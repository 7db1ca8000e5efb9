"""Where one can go from any page, as data: a page is offered to whoever holds its permission, once its address exists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from qingting.core.actors import Actor
from qingting.sites.addresses import address

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go.

    label: Chinese, translated when shown; url_name: left out of the navigation until it can be reversed; permission: empty for everybody;
    icon: a symbol of `icons.svg`; badge: dotted `(actor) -> int`, a count worth a look, empty for none;
    key: pressed after `g`.
    """

    label: "StrOrPromise"
    url_name: str
    permission: str
    icon: str
    badge: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as one person sees it on one page."""

    label: str
    url: str
    icon: str
    count: int
    key: str
    current: bool


_ = gettext_lazy
ENTRIES = [
    Entry(_("首页"), "workbench:home", "", "home", key="h"),
    Entry(_("坐席台"), "workbench:seat", "duty.take", "headset", key="d"),
    Entry(_("值班室"), "duty:room", "duty.lead", "wall", key="z"),
    Entry(_("排班"), "duty:rota", "duty.take", "rota", key="b"),
    Entry(_("接触记录"), "contacts:list", "contacts.view", "record", key="c"),
    Entry(_("电话"), "workbench:calls", "telephony.talk", "phone", key="e"),
    Entry(_("求助者"), "seekers:list", "seekers.view", "person", key="s"),
    Entry(_("个案"), "cases:list", "cases.view", "folder", key="a"),
    Entry(_("工单"), "orders:list", "orders.view", "order", key="o"),
    Entry(_("联动"), "linkage:list", "linkage.view", "linkage", key="l"),
    Entry(_("跨省转介"), "chains:list", "chains.view", "forward", key="x"),
    Entry(_("转介给我单位"), "linkage:partner", "linkage.answer", "linkage", key="l"),
    Entry(_("会商"), "conferences:list", "conferences.view", "people", key="u"),
    Entry(_("援助"), "assistance:list", "assistance.view", "shield", key="y"),
    Entry(_("回访"), "followups:list", "followups.view", "callback", key="f"),
    Entry(
        _("投诉"), "complaints:list", "complaints.handle", "alert", "qingting.complaints.selectors.open_count", key="j"
    ),
    Entry(_("夜间接待"), "reception:home", "reception.watch", "moon", key="n"),
    Entry(_("知识库"), "knowledge:home", "knowledge.read", "note", key="k"),
    Entry(_("识别词库"), "lexicon:home", "lexicon.read", "shield", key="i"),
    Entry(_("数据"), "statistics:home", "statistics.view", "chart", key="t"),
    Entry(_("导出"), "exports:list", "exports.make", "note", key="x"),
    Entry(_("人员与岗位"), "staff:people", "staff.manage", "people", key="p"),
    Entry(_("单位与清单"), "directory:home", "directory.manage", "settings", key="m"),
    Entry(_("派单目录"), "orders:catalogues", "orders.configure", "order"),
    Entry(_("补贴标准"), "assistance:rates", "assistance.set-rates", "shield"),
    Entry(_("操作日志"), "workbench:journal", "core.read-journal", "journal", key="j"),
    Entry(_("谁看过谁"), "seekers:looks", "core.read-journal", "person"),
]


def places(actor: Actor, *, path: str) -> list[Place]:
    """The entries this person may use and that exist; the one whose address begins `path` most closely is current."""
    usable = [
        (entry, url)
        for entry in ENTRIES
        if not entry.permission or actor.may(entry.permission)
        if (url := address(entry.url_name))
    ]
    here = max((url for entry, url in usable if _leads_to(entry, url, path)), key=len, default="")
    return [
        Place(str(entry.label), url, entry.icon, _count(entry.badge, actor), entry.key, url == here)
        for entry, url in usable
    ]


# What somebody's day is about, by permission: on a phone it stands where the thumb is.
_MAIN_WORK = [
    ("duty.take", "workbench:seat"),
    ("orders.accept", "orders:list"),
    ("orders.review", "orders:list"),
    ("followups.call", "followups:list"),
    ("linkage.answer", "linkage:partner"),
    ("chains.supervise", "chains:list"),
    ("chains.assist", "chains:list"),
]


def thumb_first(actor: Actor, offered: list[Place]) -> list[Place]:
    """The same places with the start page and this person's main work in front."""
    wanted = ["workbench:home", *(name for permission, name in _MAIN_WORK if actor.may(permission))]
    front = {url: rank for rank, url in reversed(list(enumerate(address(name) for name in wanted)))}
    return sorted(offered, key=lambda place: front.get(place.url, len(front) + 1))


def _leads_to(entry: Entry, url: str, path: str) -> bool:
    """Whether a page lies below an entry; the start page stands above all others and is only itself."""
    return path == url if entry.url_name == "workbench:home" else path.startswith(url)


def _count(badge: str, actor: Actor) -> int:
    if not badge:
        return 0
    counted: Callable[[Actor], int] = import_string(badge)
    return counted(actor)
