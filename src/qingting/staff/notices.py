"""The words of notices: a table from the beginning of a notice's kind to what a person reads. Rooms add theirs."""

from django.urls import NoReverseMatch, reverse

from qingting.directory.states import ClockKind
from qingting.staff.models import Notice

# Beginning of a kind → text; the longest that fits wins. `{detail}` is what follows the last colon of the kind.
WORDINGS: dict[str, str] = {
    "core.clock-warned": "“{detail}”时限即将到期",
    "core.clock-breached": "“{detail}”已超过时限",
    "core.clock-escalated": "“{detail}”超时仍未处理，已逐级上报",
}

# What follows the colon → how a person says it.
DETAILS: dict[str, str] = {kind.value: str(kind.label) for kind in ClockKind}

# Kind of subject → name of the page that shows one.
PAGES: dict[str, str] = {}

_OTHERWISE = "有一项事务需要您查看"


def word_notices(
    texts: dict[str, str], *, details: dict[str, str] | None = None, pages: dict[str, str] | None = None
) -> None:
    """Add a room's texts, details and pages; called where the room's app is ready."""
    WORDINGS.update(texts)
    DETAILS.update(details or {})
    PAGES.update(pages or {})


def text_of(kind: str) -> str:
    """What a person reads for a notice of this kind."""
    fitting = [prefix for prefix in WORDINGS if kind.startswith(prefix)]
    wording = WORDINGS[max(fitting, key=len)] if fitting else _OTHERWISE
    detail = kind.rpartition(":")[2] if ":" in kind else ""
    return wording.format(detail=DETAILS.get(detail, detail))


def page_of(notice: Notice) -> str:
    """The address of what the notice is about; '' where no room shows it."""
    name = PAGES.get(notice.subject_kind, "")
    try:
        return reverse(name, args=[notice.subject_id]) if name else ""
    except NoReverseMatch:
        return ""
