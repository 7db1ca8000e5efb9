"""From what a page sends to what a service takes."""

from django.http import QueryDict

from qingting.directory import selectors as directory
from qingting.followups.services import NewPlan, NewRule, Outcome, Rating
from qingting.linkage.services import Referral, Wish


def words_from(data: QueryDict, name: str, most: int = 4000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def number_from(data: QueryDict, name: str, otherwise: int) -> int:
    """A small whole number; `otherwise` for anything odd."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def outcome_from(data: QueryDict) -> Outcome:
    """What the record of a call sends."""
    return Outcome(words_from(data, "means", 10), words_from(data, "helped", 10), words_from(data, "words"))


def other_desk_from(data: QueryDict) -> Referral:
    """Who shall follow up in our place (`CODE:desk id`), in which words, whether with the number, who agreed."""
    code, _, desk = words_from(data, "kind", 60).partition(":")
    desk_id = int(desk) if desk.isascii() and desk.isdigit() else 0
    wish = Wish(words_from(data, "words", 1500), data.get("with_phone") == "on")
    return Referral(code, wish=wish, agreed=words_from(data, "agreed", 10), desk_id=desk_id)


def rating_from(data: QueryDict) -> Rating:
    """What the young person sends."""
    return Rating(number_from(data, "score", 0), words_from(data, "helped", 10), words_from(data, "words", 2000))


def id_from(data: QueryDict, name: str) -> int:
    """An id; 0 for anything odd."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def rule_from(data: QueryDict) -> NewRule:
    """What the form of a rule sends; a number left out is the usual one."""
    return NewRule(
        category=words_from(data, "category", 40),
        urgency=words_from(data, "urgency", 10),
        channel=words_from(data, "channel", 12),
        script=words_from(data, "script", 12),
        on_low=words_from(data, "on_low", 10),
        wait_hours=number_from(data, "wait_hours", 0),
        most_attempts=number_from(data, "most_attempts", 3),
        spacing_hours=number_from(data, "spacing_hours", 4),
    )


def plan_from(data: QueryDict) -> NewPlan:
    """What the form of a tracking plan sends."""
    return NewPlan(words_from(data, "rhythm", 10), id_from(data, "keeper"), words_from(data, "purpose", 500))


def category_groups() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """First-level categories, each with its second-level ones: (code, name, [(code, name)])."""
    known = list(directory.categories())
    return [
        (top.pk, top.name, [(one.pk, one.name) for one in known if one.parent_id == top.pk])
        for top in known
        if top.parent_id is None
    ]
