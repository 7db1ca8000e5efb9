"""Thousands of random acts on orders while web, worker and database are killed: what must hold, holds afterwards.

Exactly one owner; no lost or doubled order or word; no clock without an end, and each that ran out fired once; nobody saw
what they may not; the journal replays to the same state. `QINGTING_STORM_SECONDS` makes it longer, `QINGTING_STORM_SEED`
chooses another chance; a failure names its seed.
"""

import logging
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from qingting.orders.states import LIVE, OPENS_CASE, OrderState
from qingting.orders.tests.replay import CLOCKS, Told, replayed
from qingting.simulation.browser import Browser, RefusedError
from tests.faults.chaos import Chaos
from tests.faults.storm import CUT_OFF, DONE, REFUSED, Order, Person, Storm
from tests.faults.test_both_desks import at_a_seat, critical_case
from tests.platform import Platform

pytestmark = pytest.mark.faults
log = logging.getLogger(__name__)
SECONDS = float(os.environ.get("QINGTING_STORM_SECONDS", "60"))
SEED = int(os.environ.get("QINGTING_STORM_SEED", "20261122"))
OUT = {"DISPATCHED", "OBJECTED", "GIVEN_BACK", "IN_PROGRESS", "PAUSED", "SUBMITTED", "FINISHED"}
WHERE = {
    "counsellor": "广东12355青少年服务台",
    "cadre": "广东12355青少年服务台",
    "handler": "共青团广州市天河区委员会",
    "reviewer": "共青团广州市委员会",
    "leader": "共青团广东省委员会",
    "guangxi": "广西12355青少年服务台",
    "partner": "广东12348公共法律服务热线",
}


@pytest.fixture(scope="module")
def storm(platform: Platform) -> Storm:
    """Everybody signed in, and one case of a talk in which both go on speaking while it lasts."""
    houses = dict(platform.sql("SELECT name, id FROM directory_organisation"))
    people = [_person(platform, name, houses[where]) for name, where in WHERE.items()]
    _, counsellor, conversation = at_a_seat(platform)
    case = critical_case(counsellor, conversation)
    counsellor.end(conversation)
    near = [houses[WHERE["handler"]], houses["共青团广州市越秀区委员会"], houses[WHERE["reviewer"]]]
    accounts = [row[0] for row in platform.sql("SELECT id FROM staff_account WHERE username = 'handler'")]
    return Storm(platform, people, [case], [*near, houses["共青团深圳市委员会"]], accounts, SEED)


def _person(platform: Platform, name: str, house: int) -> Person:
    """With a browser that gives up at once: what was cut off must not be sent twice."""
    signed_in = platform.staff(name, organisation="广东省委" if name == "leader" else "").browser
    hasty = Browser(platform.http)
    hasty.client.cookies = signed_in.client.cookies
    return Person(name, house, hasty, outsider=name in {"guangxi", "partner"})


@pytest.fixture(scope="module")
def blown_over(storm: Storm) -> Iterator[Storm]:
    """After it: all parts are well, nothing is due any more, and what is asked is of one moment."""
    until = time.monotonic() + SECONDS
    patience = until + 180  # on a machine so busy that little gets through

    def goes_on() -> bool:
        now = time.monotonic()
        return now < until or not chaos.has_struck or (now < patience and not enough(storm.tally))

    with Chaos(storm.platform, seed=SEED, parts=("web", "worker", "database"), calm=6) as chaos:
        storm.run(goes_on)
    log.warning("seed %s: %s deeds, %s, killed %s", SEED, len(storm.deeds), dict(storm.tally), dict(chaos.killed))
    storm.calm_down()
    yield storm
    storm.be_over()


def enough(tally: Counter[str]) -> bool:
    """Whether so much went through that what must hold could have broken."""
    acts = set(tally) - {DONE, REFUSED, CUT_OFF}
    return tally[DONE] >= 30 and tally[REFUSED] > 0 and len(acts) >= 8


def test_enough_happened(blown_over):
    assert enough(blown_over.tally), (SEED, blown_over.tally)


def test_no_order_and_no_word_is_lost_or_doubled(blown_over):
    notes = dict(blown_over.sql("SELECT text, count(*) FROM orders_ordernote GROUP BY text"))
    asked = "SELECT instructions, count(*) FROM orders_workorder GROUP BY instructions"
    orders = dict(blown_over.sql(asked))
    for deed in blown_over.deeds:
        stored = orders.get(deed.words, 0) if deed.act == "send" else notes.get(deed.words, 0)
        assert stored in {DONE: {1}, REFUSED: {0}, CUT_OFF: {0, 1}}[deed.outcome], (SEED, deed, stored)
    numbers = Counter(order.number for order in blown_over.orders())
    assert set(numbers.values()) == {1}, SEED
    drafted = "SELECT count(*), count(DISTINCT subject_id) FROM core_entry WHERE name = 'orders.drafted' AND case_id = ANY(%s)"
    assert blown_over.sql(drafted, blown_over.cases) == [(len(numbers), len(numbers))], SEED


def test_the_journal_replays_to_the_same_state_and_nobody_did_what_was_not_theirs(blown_over):
    rows = blown_over.sql(
        "SELECT subject_id, name, ids, acting_as, organisation_id FROM core_entry WHERE subject_kind = 'order' AND case_id = ANY(%s)"
        " ORDER BY id",
        blown_over.cases,
    )
    above = {pk: path[:-1] for pk, path in blown_over.sql("SELECT id, path FROM directory_organisation")}
    told: defaultdict[int, list[Told]] = defaultdict(list)
    for order_id, name, ids, acting_as, house in rows:
        told[order_id].append(Told(name, {**ids, "organisation": house}, acting_as == "system"))
    for order in blown_over.orders():
        replay = replayed(told[order.id], above)
        assert replay.wrong == [], (SEED, order.number)
        assert (replay.state, replay.handler) == (order.state, order.parties["handler"]), (SEED, order.number)
    blown_over.platform.command("journal", "seal")
    assert "0 findings" in blown_over.platform.command("journal", "verify"), SEED


def test_each_order_has_exactly_one_owner(blown_over):
    held = dict(
        blown_over.sql(
            "SELECT subject_id, array_agg(organisation_id) FROM core_grant WHERE subject_kind = 'order' AND revoked_at IS NULL"
            " AND purpose = 'ORDER_HANDLING' GROUP BY subject_id"
        )
    )
    into = dict(blown_over.sql("SELECT id, merged_into_id FROM orders_workorder"))
    for order in blown_over.orders():
        if order.state in OUT:
            owner = order.parties["handler"]
            assert owner, (SEED, order)
            assert order.parties["reviewer"], (SEED, order)
            assert held.get(order.id, [owner]) == [owner], (SEED, order)
        seen, place = set(), order.id
        while into[place] is not None:
            assert place not in seen, f"seed {SEED}: orders merged into each other"
            seen.add(place)
            place = into[place]


def test_no_clock_without_an_end_and_each_that_ran_out_fired_once(blown_over):
    running = blown_over.sql(
        "SELECT subject_id, kind, due_at, paused_at IS NOT NULL, next_check_at IS NOT NULL OR level >= 6 FROM core_clock"
        " WHERE subject_kind = 'order' AND met_at IS NULL AND cancelled_at IS NULL"
    )
    dues = dict(blown_over.sql("SELECT id, due_at FROM orders_workorder"))
    for order in blown_over.orders():
        clocks = [row[1:] for row in running if row[0] == order.id]
        kinds = {kind for kind, *_ in clocks}
        assert kinds <= CLOCKS.get(OrderState(order.state), set()), (SEED, order, kinds)
        assert bool(kinds) == (order.state in CLOCKS), (SEED, order, kinds)
        assert all(paused or checked for _, _, paused, checked in clocks), (SEED, order, clocks)
        assert dues[order.id] == min((due for _, due, paused, _ in clocks if not paused), default=None), (SEED, order)
        assert order.state != "PAUSED" or "ORDER_PAUSE" in kinds, (SEED, order)
    fired = blown_over.sql(
        "SELECT c.id, c.breached_at IS NOT NULL, count(e.id) FROM core_clock c LEFT JOIN core_entry e ON e.subject_kind = 'clock'"
        " AND e.subject_id = c.id AND e.name = 'core.clock-breached' WHERE c.subject_kind = 'order' GROUP BY c.id"
    )
    assert any(breached for _, breached, _ in fired), SEED
    assert [row for row in fired if row[2] != int(row[1])] == [], SEED


def test_the_case_is_held_exactly_while_an_order_is_out(blown_over):
    held = {
        row[0]
        for row in blown_over.sql(
            "SELECT subject_id FROM cases_casehold WHERE kind = 'ORDER_OPEN' AND lifted_at IS NULL"
        )
    }
    for order in blown_over.orders():
        if order.state in LIVE - {OrderState.DRAFTED}:
            assert order.id in held, (SEED, order)
        if order.state in {"FINISHED", "CANCELLED"}:
            assert order.id not in held, (SEED, order)


def test_nobody_saw_what_they_may_not(blown_over):
    assert blown_over.leaks == [], SEED
    helping: defaultdict[int, set[int]] = defaultdict(set)
    rows = "SELECT order_id, helper_organisation_id FROM orders_cohandler WHERE removed_at IS NULL"
    for order_id, house in blown_over.sql(rows):
        helping[order_id].add(house)
    whole = {row[0] for row in blown_over.sql("SELECT id FROM orders_workorder WHERE parent_id IS NULL")}
    chance = random.Random(SEED)
    orders = [order for order in blown_over.orders() if order.id in whole]
    for person in blown_over.people:
        for order in chance.sample(orders, min(6, len(orders))):
            seen = _opens(person, f"/orders/{order.id}/")
            assert seen == _may_see(blown_over, person, order, helping[order.id]), (SEED, person.name, order)


def _may_see(storm: Storm, person: Person, order: Order, helpers: set[int]) -> bool:
    below = storm.sql("SELECT id FROM directory_organisation WHERE %s = ANY(path)", person.organisation)
    reach = {row[0] for row in below}
    parties = {order.parties["handler"], order.parties["reviewer"]} | helpers
    return order.parties["origin"] in reach or (order.state in OPENS_CASE and bool(parties & reach))


def _opens(person: Person, address: str) -> bool:
    try:
        return person.browser.get(address).status_code == 200
    except RefusedError as refusal:
        if refusal.status in {403, 404}:
            return False
        raise
