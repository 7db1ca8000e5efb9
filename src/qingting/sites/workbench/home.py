"""The start page: what waits for this person now, then where they can go."""

from datetime import datetime
from typing import Any

from qingting.core import sealing
from qingting.core.actors import Actor
from qingting.core.permissions import READ_JOURNAL
from qingting.core.time import local
from qingting.sites.addresses import address
from qingting.sites.workbench import cards, navigation, selectors
from qingting.sites.workbench.cards import Card

_WEEKDAYS = "一二三四五六日"
_DOORS = 6


def composed(actor: Actor, *, at: datetime) -> dict[str, list[Card]]:
    """Cards by region (`main`, `side`), urgent ones first, those with nothing in them last, else in the order of the list."""
    told = (cards.card_from(name, actor, at=at) for name in cards.PROVIDERS)
    shown = sorted((card for card in told if card), key=lambda card: (not card.urgent, card.idle))
    main, side = ([card for card in shown if card.region == region] for region in ("main", "side"))
    return {"main": main, "side": side} if main else {"main": side, "side": []}


def greeting(at: datetime) -> str:
    """A word that fits the hour, for people who work through the night."""
    hour = local(at).hour
    for until, words in (
        (5, "夜深了，辛苦了"),
        (9, "早上好"),
        (12, "上午好"),
        (14, "中午好"),
        (18, "下午好"),
        (22, "晚上好"),
    ):
        if hour < until:
            return words
    return "夜深了，辛苦了"


def date_in_words(at: datetime) -> str:
    """「3月4日 星期三」."""
    day = local(at)
    return f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"


def notices_card(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """How many notices wait, and the way to them. Urgent ones stand among the work, others beside it."""
    url, lines = address("staff:notices"), selectors.unread_lines(actor)
    urgent = any(line.urgency in ("CRITICAL", "URGENT") for line in lines)
    return {
        "title": "提醒",
        "template": "workbench/cards/notices.html",
        "context": {"unread": selectors.unread_count(actor), "lines": lines, "url": url},
        "url": url,
        "region": "main" if urgent else "side",
        "urgent": urgent,
        "push": "staff.notice-raised",
    }


def integrity_card(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """For auditors: whether the journal is still what it was."""
    if not actor.may(READ_JOURNAL):
        return None
    standing, url = sealing.integrity(), address("workbench:journal")
    check = standing.last_check
    problems = check.data.get("problems", 0) if check else 0
    checked = f"{local(check.at).month}月{local(check.at).day}日校验" if check else "还没有校验过"
    return {
        "title": "操作日志",
        "template": "workbench/cards/rows.html",
        "url": url,
        "urgent": bool(problems),
        "push": "core.journal-verified",
        "context": {
            "tiles": [
                {"label": "已封存记录", "value": standing.sealed_entries, "note": f"{standing.seals}批", "url": url},
                {
                    "label": "完整性问题",
                    "value": problems,
                    "note": checked,
                    "url": url,
                    "level": "critical" if problems else "",
                },
            ]
        },
    }


def doors_card(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """The few pages this post works with most; all of them stand in the navigation."""
    offered = navigation.thumb_first(actor, navigation.places(actor, path=""))
    doors = [place for place in offered if place.url != address("workbench:home")][:_DOORS]
    return {
        "title": "常用入口",
        "template": "workbench/cards/doors.html",
        "context": {"doors": doors},
        "region": "side" if doors else "main",
    }


def post_card(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """For whom one is acting just now, and as what."""
    posts = selectors.post_choices(actor, at=at)
    context = {"current": next((post for post in posts if post.current), None), "others": len(posts) - 1}
    return {"title": "当前岗位", "template": "workbench/cards/post.html", "context": context, "region": "side"}
