"""The clocks of a file: which run follows from where the parties stand."""

from datetime import datetime, timedelta

from qingting.chains import rules, selectors
from qingting.chains.models import Chain
from qingting.chains.services.entries import Entry
from qingting.chains.states import WATCHES, Watch
from qingting.core.actors import system_for
from qingting.core.clocks import Span, meet_clock, start_clock
from qingting.core.models import Clock
from qingting.directory.selectors import clock_span

EARLY, CLIMB = timedelta(hours=12), timedelta(hours=12)
"""A date that somebody chose is warned of half a day before, and climbs every half day. Product default."""


def settle(chain: Chain, entry: Entry, at: datetime) -> None:
    """Start what should run and stop what should not, after an entry."""
    wanted = {watch.kind: watch for watch in rules.running(chain.role, chain.standings())}
    subject = selectors.subject_of(chain)
    open_ = Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1], met_at=None, cancelled_at=None)
    running = set(open_.values_list("kind", flat=True))
    for watch in WATCHES:
        again = watch.kind in running and entry.act in watch.again
        if watch.kind in running and (watch.kind not in wanted or again):
            meet_clock(subject=subject, kind=watch.kind, at=at)
        if watch.kind in wanted and (watch.kind not in running or again):
            _start(chain, watch, entry, at)


def _start(chain: Chain, watch: Watch, entry: Entry, at: datetime) -> None:
    start_clock(
        actor=system_for(chain.organisation_id, chain.province),
        kind=watch.kind,
        subject=selectors.subject_of(chain),
        span=_span(chain, watch, entry, at),
        at=at,
        case_id=chain.case_id,
    )


def _span(chain: Chain, watch: Watch, entry: Entry, at: datetime) -> Span:
    """By the rule, or by the entry's own date; what comes late from another house is not given its whole time anew."""
    if watch.due and entry.due_at is not None:
        due = max(entry.due_at, at)
        return Span(due, max(at, due - EARLY), CLIMB)
    span = clock_span(chain.organisation_id, watch.kind, start=min(entry.at, at))
    return Span(max(span.due_at, at), max(span.warn_at, at), span.escalate_every)
