"""Writing an entry into one party's file, and what follows in that file: standings, clocks, holds, news, the journal."""

from datetime import datetime

from qingting.chains import rules, selectors
from qingting.chains.events import ChainRehearsed, ChainTold
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.services import telling, watching, working
from qingting.chains.services.entries import Entry, MisplacedError, row_of
from qingting.chains.states import ACTS, ENDED, Role
from qingting.core.actors import Actor, system_for
from qingting.core.events import publish


def write_down(chain: Chain, entry: Entry, *, at: datetime, actor: Actor | None = None) -> bool:
    """Store what a party said in this file; False where it stands there already. actor: who said it, where that is somebody
    of this file's own party. Raises MisplacedError: `id-conflict` for other words under the same number, `seq-conflict`
    for a number that is not the author's next, `out-of-state` for an act its author could not do."""
    entry = entry.for_reader(chain.role)
    known = ChainEntry.objects.filter(chain=chain, author=entry.author, number=entry.number).first()
    if known is not None:
        if known.digest != entry.digest():
            raise MisplacedError("id-conflict", "this number has other words")
        return False
    if entry.number != selectors.last_number(chain, entry.author) + 1:
        raise MisplacedError("seq-conflict", "not the next entry of its author")
    _move(chain, entry, at)
    row = row_of(chain, entry, at)
    row.save(force_insert=True)
    by = actor or system_for(chain.organisation_id, chain.province)
    if not chain.drill:
        _set_going(chain, entry, by, at)
    _publish(chain, row, by, at)
    if entry.author != chain.role:
        telling.tell(chain, ACTS[entry.act], row, at)
    return True


def _set_going(chain: Chain, entry: Entry, by: Actor, at: datetime) -> None:
    """Work, holds and clocks: what an exercise has nothing of."""
    if chain.role == Role.DESTINATION:
        working.follow(chain, entry, by, at)
    working.hold_or_lift(chain, at)
    watching.settle(chain, entry, at)


def _move(chain: Chain, entry: Entry, at: datetime) -> None:
    act = ACTS[entry.act]
    target = rules.target_of(act, chain.standings()[entry.author])
    if target is None or (act.drill and not chain.drill):
        raise MisplacedError("out-of-state", f"{entry.act} is not allowed now")
    setattr(chain, f"{entry.author.lower()}_standing", target)
    if entry.act == "ASK_CENTRE":
        chain.centre_region = entry.region
    if entry.act == "REDIRECT":
        chain.redirected_to = entry.region
    if entry.act == "SETTLE":
        chain.outcome = entry.code
    chain.stage = rules.stage_of(chain.standings())
    chain.heard_at = at
    chain.ended_at = (chain.ended_at or at) if chain.stage in ENDED else None
    chain.save()


def _publish(chain: Chain, row: ChainEntry, by: Actor, at: datetime) -> None:
    what = ChainRehearsed if chain.drill else ChainTold
    told = what(
        organisation_id=chain.organisation_id,
        province=chain.province,
        chain_id=chain.pk,
        case_id=chain.case_id or 0,
        number=chain.number,
        act=row.act,
        author_label=selectors.party_names(chain)[row.author],
        told=ACTS[row.act].told,
        note_id=row.pk,
    )
    publish(told, actor=by, at=at)
