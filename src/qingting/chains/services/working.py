"""What a chain sets going in a province's own house: case and order at the destination, and what keeps a case open."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from qingting.cases.services import NewCase, lift_hold, open_case, place_hold
from qingting.cases.states import HoldKind
from qingting.chains import rules, selectors
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.services import telling
from qingting.chains.services.entries import Entry
from qingting.chains.states import ACTS, ENDED, Role, Standing
from qingting.contacts.services import record_walk_in, save_draft, seeker_for_contact, take_up
from qingting.contacts.states import Channel
from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError
from qingting.followups.permissions import CALL
from qingting.followups.selectors import plan_of_case
from qingting.followups.services import NewPlan, begin_tracking
from qingting.followups.states import PlanState, Rhythm
from qingting.linkage.states import Basis
from qingting.orders import services as orders
from qingting.orders.models import WorkOrder
from qingting.orders.services import NewOrder
from qingting.orders.states import OrderKind, OrderState
from qingting.seekers.services import record_consent, store_datum
from qingting.seekers.states import ConsentBasis, DatumKind
from qingting.staff.selectors import holders

log = logging.getLogger(__name__)
PURPOSE = "外省转来的危机个案"
_TOLD = {"name": DatumKind.NAME, "phone": DatumKind.PHONE}
_NOT_YET = frozenset({Standing.SILENT, Standing.REFUSED})
_PROGRESS = frozenset({"SET_OUT", "REPORT", "LOSE", "REACH", "SETTLE", "BEGIN_CARE", "VISIT", "RELAPSE"})


def follow(chain: Chain, entry: Entry, actor: Actor, at: datetime) -> None:
    """The destination's own case and order follow its chain: opened when it takes the matter, told of each report, handed in at
    the end, dropped when the matter leaves it. Should that fail, the chain goes on, and the next step tries again."""
    try:
        with transaction.atomic():
            _follow(chain, entry, actor, at)
    except (DomainError, DatabaseError) as error:
        log.error("the work of a chain could not follow: %s", getattr(error, "code", type(error).__name__))


def _follow(chain: Chain, entry: Entry, actor: Actor, at: datetime) -> None:
    there = Standing(chain.destination_standing)
    if entry.author == Role.DESTINATION and entry.act == "ACCEPT":
        Chain.objects.filter(pk=chain.pk).update(opened_by_account_id=actor.account_id or None)
        chain.opened_by_account_id = actor.account_id or None
    if there not in _NOT_YET and chain.case_id is None and chain.stage not in ENDED:
        _open_work(chain, actor, at)
    if entry.act == "SIGN_OFF" and chain.case_id is not None:
        _keep_in_touch(chain, at)
    if chain.order_id is None:
        return
    words = entry.words.strip()[:1900]
    if entry.author == Role.DESTINATION and entry.act in _PROGRESS and words:
        _at_work(chain, OrderState.IN_PROGRESS, orders.record_progress, actor, at, words=words)
    if entry.act == "FINISH":
        _at_work(chain, OrderState.IN_PROGRESS, orders.submit, actor, at, words=words)
    if entry.act in {"REFUSE", "WITHDRAW", "REDIRECT"} and (there == Standing.REFUSED or chain.stage in ENDED):
        told = f"跨省转介{ACTS[entry.act].told}。{words}"
        _at_work(chain, OrderState.DISPATCHED, orders.cancel, _house(chain), at, words=told)
        _at_work(
            chain, OrderState.IN_PROGRESS, orders.submit, actor, at, words=told
        )  # a reviewer looks at what was done


def _keep_in_touch(chain: Chain, at: datetime) -> None:
    """A chain that is signed off goes on as a tracking plan of the destination's case, over months and years. A plan that
    people made already stays; where nobody does follow-up calls, the shift leaders are asked to arrange it."""
    house = _house(chain)
    plan = plan_of_case(house, chain.case_id or 0)
    if plan is not None and plan.state != PlanState.ENDED:
        return
    callers = holders(chain.organisation_id, CALL, at=at).order_by("pk")
    keeper = callers.filter(pk=chain.opened_by_account_id or 0).first() or callers.first()
    if keeper is None:
        telling.tell_no_keeper(chain, at)
        return
    purpose = f"跨省转介 {chain.number} 销号后的长期跟踪"
    begin_tracking(actor=house, case_id=chain.case_id or 0, new=NewPlan(Rhythm.CLOSE, keeper.pk, purpose), at=at)


def _house(chain: Chain) -> Actor:
    return system_for(chain.organisation_id, chain.province)


def _open_work(chain: Chain, actor: Actor, at: datetime) -> None:
    """Contact, case and crisis order. Nothing yet where the origin's words have not arrived."""
    facts = selectors.facts_of(chain)
    if not facts:
        return
    body, house = facts[0], _house(chain)
    contact = record_walk_in(actor=house, channel=Channel.REFERRED, started_at=min(chain.opened_at, at), at=at)
    typed = {"summary": body["summary"], **_gender_of(body)}
    save_draft(actor=house, contact_id=contact.pk, data=typed, version=contact.draft_version, at=at)
    _keep_person(house, contact.pk, body, at)
    new = NewCase("", chain.urgency, chain.destination_region, f"外省转来的危机个案 {chain.number}")
    case = open_case(actor=house, contact_id=contact.pk, new=new, at=at)
    order = orders.send_order(
        actor=house,
        case_id=case.pk,
        new=NewOrder(OrderKind.CRISIS, chain.urgency, chain.destination_region, _instructions(chain)),
        handler_organisation_id=chain.organisation_id,
        at=at,
    )
    _remember(chain, case.pk, order.pk)
    if actor.acting_as == "person":
        take_up(actor=replace(actor, organisation_id=chain.organisation_id), contact_id=contact.pk, at=at)
    _at_work(chain, OrderState.DISPATCHED, orders.accept, actor, at)


def _remember(chain: Chain, case_id: int, order_id: int) -> None:
    Chain.objects.filter(pk=chain.pk).update(case_id=case_id, order_id=order_id)
    ChainEntry.objects.filter(chain=chain).update(case_id=case_id)
    chain.case_id, chain.order_id = case_id, order_id


def _instructions(chain: Chain) -> str:
    origin = selectors.region_name(chain.origin_region)
    return f"{origin}经跨省转介 {chain.number} 转来的危机个案。请立即联系本人和当地力量，进展同时通报{origin}和团中央。"


def _person_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((person for person in body.get("persons", ()) if person["role"] == "HELP_SEEKER"), {})


def _gender_of(body: Mapping[str, Any]) -> dict[str, str]:
    gender = _person_of(body).get("gender")
    return {"gender": gender} if gender else {}


def _keep_person(actor: Actor, contact_id: int, body: Mapping[str, Any], at: datetime) -> None:
    """Name and phone, sealed, on the ground that the origin named."""
    person = _person_of(body)
    told = [(kind, person[key]) for key, kind in _TOLD.items() if person.get(key)]
    if not told:
        return
    seeker_id = seeker_for_contact(actor=actor, contact_id=contact_id, at=at)
    basis = {
        Basis.LIFE_AT_STAKE: ConsentBasis.LIFE_AT_STAKE,
        Basis.CONSENT: ConsentBasis.SELF,
        Basis.GUARDIAN_CONSENT: ConsentBasis.GUARDIAN,
    }.get(Basis(body["disclosureBasis"]["code"]), ConsentBasis.STATUTE)
    record_consent(actor=actor, seeker_id=seeker_id, basis=basis, purpose=PURPOSE, at=at)
    for kind, value in told:
        with suppress(DomainError):  # what the vault refuses stays in the sealed entry
            store_datum(actor=actor, seeker_id=seeker_id, kind=kind, value=value, at=at)


def _at_work(chain: Chain, state: str, act: Any, actor: Actor, at: datetime, **more: str) -> None:
    """Do an order's act in the person's name, where the order stands so."""
    if WorkOrder.objects.filter(pk=chain.order_id or 0, state=state).exists():
        named = replace(_house(chain), account_id=actor.account_id)
        act(actor=named, order_id=chain.order_id, at=at, **more)


def hold_or_lift(chain: Chain, at: datetime) -> None:
    """The cases of the two provinces stay open until it is known how it went."""
    if chain.case_id is None:
        return
    held: dict[str, Any] = {"case_id": chain.case_id, "kind": HoldKind.HANDOFF_OPEN, "subject": ("chain", chain.pk)}
    waiting = chain.destination_standing in rules.UNSETTLED and chain.stage not in ENDED
    with suppress(DomainError):  # a case that was signed off meanwhile stays so; people have been told
        if waiting:
            place_hold(actor=_house(chain), **held, at=at)
        else:
            lift_hold(actor=_house(chain), **held, at=at)
