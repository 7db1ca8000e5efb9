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
    key: pressed after `g`, no two alike; group: the heading it stands under.
    """

    label: "StrOrPromise"
    url_name: str
    permission: str
    icon: str
    badge: str = ""
    key: str = ""
    group: "StrOrPromise" = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as one person sees it on one page."""

    label: str
    url: str
    icon: str
    count: int
    key: str
    current: bool
    group: str


_ = gettext_lazy
_TALKS, _WORK, _HOUSES = _("接待"), _("办理"), _("协同")
_KNOWING, _SETTINGS = _("知识与数据"), _("管理")
ENTRIES = [
    Entry(_("首页"), "workbench:home", "", "home", key="h"),
    Entry(_("坐席台"), "workbench:seat", "duty.take", "headset", key="d", group=_TALKS),
    Entry(_("值班室"), "duty:room", "duty.lead", "wall", key="z", group=_TALKS),
    Entry(_("接触记录"), "contacts:list", "contacts.view", "record", key="c", group=_TALKS),
    Entry(_("电话"), "workbench:calls", "telephony.talk", "phone", key="e", group=_TALKS),
    Entry(_("夜间接待"), "reception:home", "reception.watch", "moon", key="n", group=_TALKS),
    Entry(_("求助者"), "seekers:list", "seekers.view", "person", key="s", group=_WORK),
    Entry(_("个案"), "cases:list", "cases.view", "folder", key="a", group=_WORK),
    Entry(_("工单"), "orders:list", "orders.view", "order", key="o", group=_WORK),
    Entry(_("回访"), "followups:list", "followups.view", "callback", key="f", group=_WORK),
    Entry(_("援助"), "assistance:list", "assistance.view", "heart", key="y", group=_WORK),
    Entry(
        _("投诉"),
        "complaints:list",
        "complaints.handle",
        "alert",
        "qingting.complaints.selectors.open_count",
        key="w",
        group=_WORK,
    ),
    Entry(_("联动"), "linkage:list", "linkage.view", "linkage", key="l", group=_HOUSES),
    Entry(_("转介给我单位"), "linkage:partner", "linkage.answer", "linkage", key="v", group=_HOUSES),
    Entry(_("跨省转介"), "chains:list", "chains.view", "across", key="x", group=_HOUSES),
    Entry(_("会商"), "conferences:list", "conferences.view", "people", key="u", group=_HOUSES),
    Entry(_("知识库"), "knowledge:home", "knowledge.read", "book", key="k", group=_KNOWING),
    Entry(_("识别词库"), "lexicon:home", "lexicon.read", "shield", key="i", group=_KNOWING),
    Entry(_("数据"), "statistics:home", "statistics.view", "chart", key="t", group=_KNOWING),
    Entry(_("导出"), "exports:list", "exports.make", "download", key="r", group=_KNOWING),
    Entry(_("人员与岗位"), "staff:people", "staff.manage", "people", key="p", group=_SETTINGS),
    Entry(_("单位与清单"), "directory:home", "directory.manage", "settings", key="m", group=_SETTINGS),
    Entry(_("派单目录"), "orders:catalogues", "orders.configure", "order", group=_SETTINGS),
    Entry(_("补贴标准"), "assistance:rates", "assistance.set-rates", "heart", group=_SETTINGS),
    Entry(_("操作日志"), "workbench:journal", "core.read-journal", "journal", key="j", group=_SETTINGS),
    Entry(_("谁看过谁"), "seekers:looks", "core.read-journal", "person", group=_SETTINGS),
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
        Place(str(entry.label), url, entry.icon, _count(entry.badge, actor), entry.key, url == here, str(entry.group))
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
