"""The lines to other desks: their pulse, what they have for us that did not get through, pausing, registering."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection, transaction

from deskwire.errors import DeskError, NotTrustedError
from deskwire.receiver import Receiver
from deskwire.reconcile import catch_up
from qingting.core.actors import Actor, system_for
from qingting.core.events import publish
from qingting.core.heartbeats import beat
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import rules, selectors
from qingting.linkage.events import DeskPaused, DeskReplayed, DeskResumed, LinkChanged
from qingting.linkage.models import Desk
from qingting.linkage.permissions import OPERATE
from qingting.linkage.services import waking
from qingting.linkage.services.lanes import MOST, Lanes
from qingting.linkage.services.receiving import receiver
from qingting.linkage.services.sending import hurry
from qingting.linkage.states import LinkState, Manner
from qingting.linkage.wire import client_of

_pulse = ThreadPoolExecutor(max_workers=MOST, thread_name_prefix="pulse")
_asked: dict[int, Future[str]] = {}
_watch, _polls = Lanes("watch"), Lanes("poll")
PAGES_A_ROUND = 20
"""A desk with more than that for us goes on in the next round; one that never ends delays nobody."""


def _ask(desk: Desk) -> str:
    """'' when the desk answered; otherwise why it did not."""
    try:
        client_of(desk).health()
    except NotTrustedError:
        return "untrusted"
    except DeskError as error:
        return error.code
    finally:
        connection.close()  # the pool's threads live on; their connections would too
    return ""


def _feel(desk: Desk) -> str:
    """Ask, and wait no longer than a seat can be left in the dark. One question at a time is under way for a desk."""
    running = _asked.get(desk.pk)
    if running is None or running.done():
        running = _asked[desk.pk] = _pulse.submit(_ask, desk)
    try:
        return running.result(timeout=rules.HEARTBEAT_WAIT)
    except TooSlow:
        return "silent"


def check_links(*, at: datetime) -> int:
    """Feel the pulse of every desk once; returns how many lines changed their state."""
    with acting(EVERYTHING), transaction.atomic():
        desks = list(Desk.objects.filter(manner=Manner.WIRE))
    return _watch.each([(desk.pk, desk) for desk in desks], lambda desk: check_link(desk, at=at))


def check_link(desk: Desk, *, at: datetime) -> bool:
    """Feel one desk's pulse and note it; a change is told to every station of the province. True when it changed."""
    began = monotonic()
    why = _feel(desk)
    after = at + timedelta(seconds=monotonic() - began)
    with acting(EVERYTHING), transaction.atomic():
        desk = Desk.objects.select_for_update().get(pk=desk.pk)
        state = _state(desk, why, after)
        changed = state != desk.state
        _note(desk, state, why, after)
        if changed:
            _tell_stations(desk, at=after)
        if not why:
            beat(f"link:{desk.code}", at=after)
            if changed:
                hurry(desk, at=after)
                transaction.on_commit(waking.send_now)
    return changed


def _state(desk: Desk, why: str, at: datetime) -> LinkState:
    if not why:
        return LinkState.UP
    if rules.line_is_down(desk.last_answer_at, desk.state_since, at):
        return LinkState.DOWN
    return LinkState(desk.state)


def _note(desk: Desk, state: LinkState, why: str, at: datetime) -> None:
    if state != desk.state:
        desk.state, desk.state_since = state, at
    desk.why, desk.last_checked_at = why[:40], at
    if not why:
        desk.last_answer_at = at
    desk.save(update_fields=["state", "state_since", "why", "last_checked_at", "last_answer_at"])


def _tell_stations(desk: Desk, *, at: datetime) -> None:
    name = selectors.partner_name(desk)
    for station in selectors.stations_using(desk):
        event = LinkChanged(
            organisation_id=station,
            province=desk.province,
            desk_id=desk.pk,
            partner=name,
            state=desk.state,
            state_label=str(LinkState(desk.state).label),
            why=desk.why,
        )
        publish(event, actor=system_for(station, desk.province), at=at)


def poll_peers(*, at: datetime) -> int:
    """Pull what each desk that answers has for us and did not get through. Returns how many messages were new."""
    with acting(EVERYTHING), transaction.atomic():
        desks = list(Desk.objects.filter(manner=Manner.WIRE, state=LinkState.UP))
    return _polls.each([(desk.pk, desk) for desk in desks], poll_peer)


def poll_peer(desk: Desk, *, by: Receiver | None = None) -> int:
    """Pull everything new from one desk. Each message is taken in as if it had been sent to us."""
    new, cursor = 0, desk.pull_cursor
    for _ in range(PAGES_A_ROUND):
        try:
            done = catch_up(client_of(desk), by or receiver(), desk.code, cursor)
        except DeskError:
            break
        if done.cursor != cursor:
            with acting(EVERYTHING), transaction.atomic():
                Desk.objects.filter(pk=desk.pk).update(pull_cursor=done.cursor)
        cursor, new = done.cursor, new + done.new
        if not done.more:
            break
    return new


@transaction.atomic
def pause_desk(*, actor: Actor, desk_id: int, at: datetime) -> Desk:
    """Stop sending to a desk (by agreement with it); what is handed off waits, and seats are told to telephone."""
    return _pause(actor, desk_id, DeskPaused, paused=True, at=at)


@transaction.atomic
def resume_desk(*, actor: Actor, desk_id: int, at: datetime) -> Desk:
    """Send again, in order."""
    return _pause(actor, desk_id, DeskResumed, paused=False, at=at)


@transaction.atomic
def replay_desk(*, actor: Actor, desk_id: int, at: datetime) -> Desk:
    """重新核对: ask the desk for everything again from the beginning, and send what waits at once. What is here already is known
    by its id, so nothing is done twice."""
    actor.require(OPERATE)
    desk = selectors.desk_of(actor, desk_id)
    with acting(EVERYTHING):
        Desk.objects.filter(pk=desk.pk).update(pull_cursor="")
        hurry(desk, at=at)
        told = DeskReplayed(
            organisation_id=desk.organisation_id,
            province=desk.province,
            desk_id=desk.pk,
            partner=selectors.partner_name(desk),
        )
        publish(told, actor=actor, at=at)
    transaction.on_commit(waking.send_now)
    return desk


def _pause(actor: Actor, desk_id: int, event: type[DeskPaused | DeskResumed], *, paused: bool, at: datetime) -> Desk:
    actor.require(OPERATE)
    desk = selectors.desk_of(actor, desk_id)
    with acting(EVERYTHING):
        if not Desk.objects.filter(pk=desk.pk, paused=not paused).update(paused=paused):
            return desk
        desk.paused = paused
        name = selectors.partner_name(desk)
        for station in selectors.stations_using(desk):
            told = event(organisation_id=station, province=desk.province, desk_id=desk.pk, partner=name)
            publish(told, actor=actor, at=at)
        if not paused:
            hurry(desk, at=at)
            transaction.on_commit(waking.send_now)
    return desk
