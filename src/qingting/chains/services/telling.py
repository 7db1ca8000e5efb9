"""News for the people of a party."""

from datetime import datetime

from qingting.chains import selectors
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.selectors import PERMISSIONS
from qingting.chains.states import Act, Role
from qingting.staff.services import News, notify_account, notify_holders

LEAD = "duty.lead"


def tell(chain: Chain, act: Act, row: ChainEntry, at: datetime) -> None:
    """What another party did. Whoever has the matter hears it; the shift leaders too where it is grave; everybody who may act
    where nobody has it yet."""
    if chain.drill:
        _tell_quietly(chain, f"chains.drill:{act.code}", f"chains.drill:{row.pk}", at)
        return
    urgent = "URGENT" if act.grave else "ROUTINE"
    news = _news(chain, f"chains.told:{act.code}", urgent, f"chains.told:{row.pk}")
    notify(chain, news, grave=act.grave, at=at)


def _tell_quietly(chain: Chain, kind: str, dedupe: str, at: datetime) -> None:
    """News of an exercise: never urgent, and never more than a line under the bell."""
    notify(chain, _news(chain, kind, "ROUTINE", dedupe), grave=False, at=at)


def notify(chain: Chain, news: News, *, grave: bool, at: datetime) -> None:
    """Ring the right bells of a party."""
    house, permission = chain.organisation_id, PERMISSIONS[Role(chain.role)]
    if chain.opened_by_account_id is None:
        notify_holders(organisation_id=house, permission=permission, news=news, at=at)
        return
    notify_account(organisation_id=house, account_id=chain.opened_by_account_id, news=news, at=at)
    if grave:
        notify_holders(organisation_id=house, permission=LEAD, news=news, at=at)


def tell_late(chain: Chain, kind: str, at: datetime) -> None:
    """A clock of another party has run out: whoever waits is told to telephone."""
    news = _news(chain, f"chains.late:{kind}", "URGENT", f"chains.late:{chain.pk}:{kind}:{at.timestamp()}")
    notify(chain, news, grave=True, at=at)


def tell_no_keeper(chain: Chain, at: datetime) -> None:
    """The chain is signed off, and nobody here does follow-up calls."""
    news = _news(chain, "chains.no-keeper", "URGENT", f"chains.no-keeper:{chain.pk}")
    notify_holders(organisation_id=chain.organisation_id, permission=LEAD, news=news, at=at)


def tell_not_taken(chain: Chain, at: datetime) -> None:
    """Another house will not take what we told it."""
    if chain.drill:
        _tell_quietly(chain, "chains.drill-not-taken", f"chains.drill-not-taken:{chain.pk}:{at.timestamp()}", at)
        return
    news = _news(chain, "chains.not-taken", "URGENT", f"chains.not-taken:{chain.pk}:{at.timestamp()}")
    notify(chain, news, grave=True, at=at)


def _news(chain: Chain, kind: str, urgency: str, dedupe: str) -> News:
    return News(kind=kind, subject=selectors.subject_of(chain), urgency=urgency, case_id=chain.case_id, dedupe=dedupe)
