"""What an incident of another desk sets going here: contact, case and order on arrival, before anybody has pressed a button;
and the same work handed to whoever takes it, told of what is reported back, or dropped."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from qingting.cases.services import NewCase, close_case, lift_hold, open_case, place_hold, take_case
from qingting.cases.states import HoldKind
from qingting.contacts.services import record_walk_in, save_draft, seeker_for_contact, take_up
from qingting.contacts.states import Channel
from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError
from qingting.directory.states import ItemClass, Urgency
from qingting.linkage.known import CONSENT
from qingting.linkage.models import Handoff
from qingting.linkage.selectors import partner_name
from qingting.linkage.states import Basis
from qingting.orders import services as orders
from qingting.orders.models import WorkOrder
from qingting.orders.services import NewOrder
from qingting.orders.states import OrderKind, OrderState
from qingting.seekers.services import record_consent, store_datum
from qingting.seekers.states import DatumKind

_TOLD = {"name": DatumKind.NAME, "phone": DatumKind.PHONE}
_KINDS = {ItemClass.LEGAL: OrderKind.LEGAL, ItemClass.PSYCHOLOGICAL: OrderKind.PSYCHOLOGY}


def open_work(handoff: Handoff, body: Mapping[str, Any], *, at: datetime) -> None:
    """Contact (外单位转入), case and order for an incident, on the handoff as well. Nobody owns them yet.

    What the desk told about the person goes into the vault, on the ground the desk named. Raises what the rooms refuse; call
    it inside a savepoint, since an incident must arrive whatever becomes of this.
    """
    house = system_for(handoff.organisation_id, handoff.province)
    contact = record_walk_in(actor=house, channel=Channel.REFERRED, started_at=min(handoff.opened_at, at), at=at)
    typed = {"summary": body["summary"], **_gender_of(body)}
    save_draft(actor=house, contact_id=contact.pk, data=typed, version=contact.draft_version, at=at)
    _keep_person(house, contact.pk, body, partner_name(handoff.desk), at)
    new = NewCase(
        "", handoff.urgency, handoff.desk.region_code, handoff.item_text or f"{partner_name(handoff.desk)}转来的事项"
    )
    case = open_case(actor=house, contact_id=contact.pk, new=new, at=at)
    order = orders.send_order(
        actor=house,
        case_id=case.pk,
        new=NewOrder(_kind(handoff), handoff.urgency, handoff.desk.region_code, _instructions(handoff)),
        handler_organisation_id=handoff.organisation_id,
        at=at,
    )
    place_hold(actor=house, **_hold(case.pk, handoff), at=at)
    Handoff.objects.filter(pk=handoff.pk).update(case=case, order_id=order.pk)
    handoff.case, handoff.order_id = case, order.pk


def _kind(handoff: Handoff) -> str:
    if handoff.urgency == Urgency.CRITICAL:
        return OrderKind.CRISIS
    return _KINDS.get(ItemClass(handoff.item_class), OrderKind.OTHER) if handoff.item_class else OrderKind.OTHER


def _instructions(handoff: Handoff) -> str:
    number = f"对方编号{handoff.incident_number}。" if handoff.incident_number else ""
    desk = partner_name(handoff.desk)
    return f"{handoff.item_text or f'{desk}转来的事项'}。{number}请签收后联系本人，办理情况会同时反馈{desk}。"


def _hold(case_id: int, handoff: Handoff) -> dict[str, Any]:
    return {"case_id": case_id, "kind": HoldKind.HANDOFF_OPEN, "subject": ("handoff", handoff.pk)}


def _person_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The young person among those the desk named."""
    people = body.get("persons", ())
    return next((person for person in people if person["role"] == "HELP_SEEKER"), {})


def _gender_of(body: Mapping[str, Any]) -> dict[str, str]:
    gender = _person_of(body).get("gender")
    return {"gender": gender} if gender else {}


def _keep_person(actor: Actor, contact_id: int, body: Mapping[str, Any], source: str, at: datetime) -> None:
    """Name and phone, sealed, on the ground of the desk `source`. What the vault refuses (a number that can't be right) stays in the sealed message."""
    person = _person_of(body)
    told = [(kind, person[key]) for key, kind in _TOLD.items() if person.get(key)]
    if not told:
        return
    seeker_id = seeker_for_contact(actor=actor, contact_id=contact_id, at=at)
    basis = CONSENT[Basis(body["disclosureBasis"]["code"])]
    record_consent(actor=actor, seeker_id=seeker_id, basis=basis, purpose=f"{source}转来，继续提供帮助"[:60], at=at)
    for kind, value in told:
        with suppress(DomainError):
            store_datum(actor=actor, seeker_id=seeker_id, kind=kind, value=value, at=at)


def hand_over(actor: Actor, handoff: Handoff, *, at: datetime) -> None:
    """签收: contact, case and order are this person's from now on."""
    if handoff.case is None:
        return
    mine = replace(actor, organisation_id=handoff.organisation_id, province=handoff.province)
    take_up(actor=mine, contact_id=handoff.case.contact_id, at=at)
    handoff.case = take_case(actor=mine, case_id=handoff.case.pk, at=at)
    _at_work(handoff, OrderState.DISPATCHED, orders.accept, actor, at)


def note_progress(actor: Actor, handoff: Handoff, words: str, *, at: datetime) -> None:
    """What the other desk is told stands on the order, too."""
    _at_work(handoff, OrderState.IN_PROGRESS, orders.record_progress, actor, at, words=words)


def hand_in(actor: Actor, handoff: Handoff, words: str, *, at: datetime) -> None:
    """The other desk has its result; the order goes to whoever reviews it."""
    _at_work(handoff, OrderState.IN_PROGRESS, orders.submit, actor, at, words=words)


def _at_work(handoff: Handoff, state: str, act: Any, actor: Actor, at: datetime, **more: str) -> None:
    """Do an order's act in the person's name, where the order stands so. Whoever may answer 110 may say so on its order."""
    if not _order_stands(handoff, state):
        return
    named = replace(system_for(handoff.organisation_id, handoff.province), account_id=actor.account_id)
    act(actor=named, order_id=handoff.order_id, at=at, **more)


def _order_stands(handoff: Handoff, state: str) -> bool:
    return WorkOrder.objects.filter(pk=handoff.order_id or 0, state=state).exists()


def drop(handoff: Handoff, words: str, *, at: datetime) -> None:
    """The incident goes back or was taken back before anybody took it: its order is void and its case closed."""
    if handoff.case is None:
        return
    house = system_for(handoff.organisation_id, handoff.province)
    if handoff.order_id and _order_stands(handoff, OrderState.DISPATCHED):
        orders.cancel(actor=house, order_id=handoff.order_id, words=words, at=at)
    lift_hold(actor=house, **_hold(handoff.case.pk, handoff), at=at)
    with suppress(DomainError):  # somebody has begun to work on it meanwhile; then a person closes it
        close_case(actor=house, case_id=handoff.case.pk, words=words, at=at)
