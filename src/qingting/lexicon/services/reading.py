"""Looking at words of recent traffic to judge a version: masked, a few at a time, and told to the journal."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.lexicon import masking, measures, rules, selectors
from qingting.lexicon.events import SnippetsRead
from qingting.lexicon.models import TrafficShift
from qingting.lexicon.permissions import SEE_WORDS
from qingting.screening import screen
from qingting.screening.editions import Edition, reading

MOST_SHOWN = 20
AROUND = 16  # characters shown on each side of what was seen


@transaction.atomic
def read_snippets(*, actor: Actor, version_id: int, kind: str, at: datetime) -> list[tuple[TrafficShift, str]]:
    """Up to MOST_SHOWN masked snippets of messages within sight that changed in this way."""
    version = selectors.version_for(actor, version_id)
    actor.require(SEE_WORDS, version.organisation_id)
    if kind not in measures.SHIFTS:
        raise Invalid("请选择要看哪一类。", code="lexicon.shift.kind", do_next="新标出、等级变化或不再标出。")
    found = selectors.shifted(version, kind, most=MOST_SHOWN)
    before = rules.edition_of(selectors.content_of(version.base), version.base_id or 0)
    edition = before if kind == "GONE" else rules.edition_of(selectors.content_of(version), version.pk)
    publish(SnippetsRead(**version.facts(), shown=len(found)), actor=actor, at=at)
    return [(row, _snippet(message.text, edition)) for row, message in found]


def _snippet(text: str, edition: Edition) -> str:
    """The words that were seen with a little around them, names and numbers masked."""
    with reading(edition):
        signs = screen(text).signs
    start, end = (signs[0].start, signs[0].end) if signs else (0, AROUND)
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    return f"{'…' if first else ''}{masking.masked(text[first:last])}{'…' if last < len(text) else ''}"
