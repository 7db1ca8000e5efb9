"""Notices: who has to look at a handoff, and at what."""

from datetime import datetime

from qingting.directory.states import PartnerKind
from qingting.linkage import selectors
from qingting.linkage.models import Handoff
from qingting.linkage.permissions import ANSWER, HAND_OFF
from qingting.linkage.states import Manner
from qingting.staff.services import News, notify_account, notify_holders

LEAD = "duty.lead"


def _news(handoff: Handoff, kind: str, urgency: str, dedupe: str) -> News:
    return News(
        kind=_of_desk(handoff, kind),
        subject=("handoff", handoff.pk),
        urgency=urgency,
        case_id=handoff.case_id,
        dedupe=dedupe,
    )


def _of_desk(handoff: Handoff, kind: str) -> str:
    """110 is meant where nobody is named; any other desk is named by its kind, behind a colon."""
    partner = selectors.partner_kind(handoff.desk)
    return kind if partner in {"", PartnerKind.POLICE_110} else f"{kind}:{partner}"


def tell_partner(handoff: Handoff, kind: str, *, at: datetime, urgency: str = "URGENT") -> None:
    """Ring the bell of the partner's people, where they work on our page; a wire and a letter speak for themselves."""
    if handoff.desk.manner != Manner.PAGE:
        return
    news = News(
        kind=kind,
        subject=("referral", handoff.pk),
        urgency=urgency,
        dedupe=f"{kind}:{handoff.pk}:{at.timestamp()}",
    )
    notify_holders(organisation_id=handoff.desk.partner_id, permission=ANSWER, news=news, at=at)


def tell_seat(handoff: Handoff, kind: str, *, at: datetime, urgency: str = "URGENT") -> None:
    """Tell whoever handed off, at their own seat."""
    if handoff.opened_by_account_id:
        notify_account(
            organisation_id=handoff.organisation_id,
            account_id=handoff.opened_by_account_id,
            news=_news(handoff, kind, urgency, ""),
            at=at,
        )


def tell_leaders(handoff: Handoff, kind: str, *, at: datetime) -> None:
    """Tell the shift leaders of the station, urgently."""
    notify_holders(
        organisation_id=handoff.organisation_id,
        permission=LEAD,
        news=_news(handoff, kind, "URGENT", f"{kind}:{handoff.pk}:{at.timestamp()}"),
        at=at,
    )


def tell_seats(handoff: Handoff, kind: str, *, at: datetime) -> None:
    """Tell every seat that may take it; a 特急 matter urgently, once."""
    urgency = "ROUTINE" if handoff.urgency == "ROUTINE" else "URGENT"
    notify_holders(
        organisation_id=handoff.organisation_id,
        permission=HAND_OFF,
        news=_news(handoff, kind, urgency, f"{kind}:{handoff.pk}"),
        at=at,
    )
