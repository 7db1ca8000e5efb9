"""Inside one house: every party's own file, the same story, only what it may read, clocks, cases, news."""

from collections import deque
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from qingting.cases.models import Case, CaseHold
from qingting.chains import rules, selectors, services
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.services import Said
from qingting.chains.services.entries import MisplacedError, entry_of
from qingting.chains.services.recording import write_down
from qingting.chains.states import ACTS, Role
from qingting.chains.tests.conftest import PHONE, SECRET, asked, do, files
from qingting.core import clocks
from qingting.core.crypto import add_key
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Division
from qingting.followups.models import TrackingPlan
from qingting.orders.models import WorkOrder
from qingting.staff.models import Notice


def said_for(act, at):
    """Whatever the table says an act needs."""
    return {
        "words": "情况已核实",
        "code": str(act.codes.values[0]) if act.codes else "",
        "due_at": at + timedelta(days=7),
        "region": "420100" if act.code == "ASK_CENTRE" else "420000",
    }


def story(role):
    """What a party's file tells, without who stored it."""
    with acting(EVERYTHING):
        rows = ChainEntry.objects.filter(chain__role=role).order_by("at", "author", "number")
        return [(row.author, row.number, row.act, row.at, row.code, row.due_at, row.region) for row in rows]


def running(role):
    with acting(EVERYTHING):
        kind = selectors.subject_of(files()[role])
        open_ = Clock.objects.filter(subject_kind=kind[0], subject_id=kind[1], met_at=None, cancelled_at=None)
        return set(open_.values_list("kind", flat=True))


ROAD = [
    ("NATIONAL", "SUPERVISE"),
    ("DESTINATION", "ACCEPT"),
    ("DESTINATION", "SET_OUT"),
    ("DESTINATION", "REPORT"),
    ("DESTINATION", "REACH"),
    ("DESTINATION", "SETTLE"),
    ("DESTINATION", "BEGIN_CARE"),
    ("DESTINATION", "VISIT"),
    ("DESTINATION", "FINISH"),
    ("NATIONAL", "SIGN_OFF"),
]


def walk(parties, steps, at):
    for number, (role, code) in enumerate(steps):
        do(parties, role, code, at + timedelta(seconds=number), **said_for(ACTS[code], at))


def test_the_whole_road_is_the_same_story_in_every_file(parties, raised, at):
    walk(parties, ROAD, at + timedelta(seconds=1))
    assert {role: row.stage for role, row in files().items()} == dict.fromkeys(
        ("ORIGIN", "DESTINATION", "NATIONAL"), "OVER"
    )
    assert story("ORIGIN") == story("DESTINATION") == story("NATIONAL")
    assert [line[2] for line in story("ORIGIN")] == ["RAISE", *(code for _, code in ROAD)]
    assert all(row.ended_at for row in files().values())
    with acting(EVERYTHING):
        assert not Clock.objects.filter(subject_kind__in=["chain", "chain_watch"], met_at=None, cancelled_at=None)


def test_signed_off_it_goes_on_as_a_tracking_plan_over_there(parties, raised, tree, at):
    keeper = tree.person("FOLLOW_UP_AGENT", tree.elsewhere_station, "韦宁")
    walk(parties, ROAD, at + timedelta(seconds=1))
    with acting(EVERYTHING):
        plan = TrackingPlan.objects.get()
        assert (plan.case_id, plan.keeper_account_id) == (files()["DESTINATION"].case_id, keeper.account_id)
        assert (plan.rhythm, plan.state) == ("CLOSE", "RUNNING")
        assert raised.number in plan.purpose
        assert Notice.objects.filter(kind="followups.tracking", account_id=keeper.account_id).exists()
        assert not Notice.objects.filter(kind="chains.no-keeper")


def test_where_nobody_calls_afterwards_the_shift_leader_is_asked_to_arrange_it(parties, raised, at):
    walk(parties, ROAD, at + timedelta(seconds=1))
    with acting(EVERYTHING):
        assert not TrackingPlan.objects.exists()
        assert Notice.objects.get(kind="chains.no-keeper").permission == "duty.lead"


def test_the_person_is_told_to_the_two_provinces_only(parties, raised, at):
    with acting(EVERYTHING):
        kept = {row.chain.role: row for row in ChainEntry.objects.select_related("chain")}
    assert kept["DESTINATION"].facts_sealed
    assert kept["DESTINATION"].words_sealed
    assert kept["NATIONAL"].facts_sealed is None
    assert kept["NATIONAL"].words_sealed is None
    with acting(EVERYTHING):
        body = selectors.facts_of(files()["DESTINATION"])[0]
    assert body["locations"][0]["text"] == SECRET
    assert body["persons"][0]["phone"] == PHONE
    assert body["disclosureBasis"]["code"] == "LIFE_AT_STAKE"
    stored = b"".join(bytes(row.facts_sealed or b"") for row in kept.values())
    assert SECRET.encode() not in stored


def test_facts_are_opened_by_the_provinces_with_a_trace_and_by_nobody_else(parties, raised, at, tree):
    there = files()["DESTINATION"]
    with acting(parties.destination.scope):
        services.look_at_facts(actor=parties.destination, chain_id=there.pk, at=at)
    with acting(EVERYTHING):
        look = Entry.objects.get(name="chains.facts-read")
    assert (look.account_id, look.organisation_id) == (parties.destination.account_id, there.organisation_id)
    with acting(parties.nation.scope), pytest.raises(NotAllowed):
        services.look_at_facts(actor=parties.nation, chain_id=files()["NATIONAL"].pk, at=at)
    with acting(parties.nation.scope), pytest.raises(NotFound):
        services.look_at_facts(actor=parties.nation, chain_id=there.pk, at=at)


def test_nobody_else_finds_a_chain_and_the_wall_shows_no_row(parties, raised, tree):
    stranger = tree.person("SHIFT_LEADER", tree.other_city, "别市")
    for row in files().values():
        with acting(stranger.scope), pytest.raises(NotFound):
            selectors.chain_of(stranger, row.pk)
    with acting(stranger.scope), transaction.atomic(), connection.cursor() as cursor:
        for table in ("chains_chain", "chains_chainentry"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,), table


def test_the_national_desk_reads_its_own_file_and_no_province_s(parties, raised):
    with acting(parties.nation.scope):
        assert [row.role for row in selectors.visible_to(parties.nation)] == ["NATIONAL"]
    with acting(parties.origin.scope):
        assert [row.role for row in selectors.visible_to(parties.origin)] == ["ORIGIN"]


def every_situation() -> list[list[tuple[str, str]]]:
    """Every combination of standings that acts allowed by the table can bring about, with the acts that led there."""
    start = {**rules.at_the_start(), "ORIGIN": "RAISED"}
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {tuple(start.values()): []}
    left = deque([(start, found[tuple(start.values())])])
    while left:
        standings, road = left.popleft()
        for role in Role:
            for act in rules.acts_open_to(role, standings):
                if act.code in {"ASK_CENTRE"}:
                    continue
                after = {**standings, role.value: str(rules.target_of(act, standings[role]))}
                if tuple(after.values()) not in found:
                    found[tuple(after.values())] = [*road, (role.value, act.code)]
                    left.append((after, found[tuple(after.values())]))
    return list(found.values())


SITUATIONS = every_situation()


def test_there_is_more_than_one_road():
    assert len(SITUATIONS) > 30


@pytest.mark.slow
@pytest.mark.parametrize("road", SITUATIONS, ids=lambda road: "-".join(code for _, code in road) or "RAISED")
def test_in_every_situation_the_table_s_acts_are_done_and_every_other_is_refused(parties, raised, at, road):
    walk(parties, road, at)
    now = at + timedelta(minutes=1)
    for code, act in ACTS.items():
        if act.role == Role.CENTRE or code == "RAISE":
            continue
        standings = files()[act.role].standings()
        point = transaction.savepoint()
        if rules.may_act(act, standings):
            do(parties, act.role, code, now, **said_for(act, now))
            assert files()[act.role].standings()[act.role] == rules.target_of(act, standings[act.role])
            assert story("ORIGIN") == story("DESTINATION") == story("NATIONAL")
        else:
            with pytest.raises(DomainError) as refused:
                do(parties, act.role, code, now, **said_for(act, now))
            assert refused.value.code == "chains.chain.wrong-state"
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("code", [code for code in ACTS if code != "RAISE"])
def test_another_party_s_act_is_nobody_s(parties, raised, at, code):
    for role, row in files().items():
        if ACTS[code].role != role:
            with acting(parties.of(role).scope), pytest.raises(DomainError) as refused:
                services.act(actor=parties.of(role), chain_id=row.pk, code=code, said=Said(words="试试"), at=at)
            assert refused.value.code == "chains.chain.wrong-state"


def test_what_an_act_needs_is_asked_for_and_nothing_is_stored(parties, raised, at):
    do(parties, "DESTINATION", "ACCEPT", at)
    before = story("DESTINATION")
    with pytest.raises(Invalid) as refused:
        do(parties, "DESTINATION", "REFUSE", at, words=" ", code="WHATEVER")
    assert set(refused.value.fields) == {"words", "code"}
    assert story("DESTINATION") == before


def test_an_auditor_of_the_station_may_look_at_nothing_and_do_nothing(parties, raised, at, tree):
    handler = tree.person("ORDER_HANDLER", tree.elsewhere_station, "办理")
    with acting(handler.scope), pytest.raises(NotAllowed):
        services.act(actor=handler, chain_id=files()["DESTINATION"].pk, code="ACCEPT", said=Said(), at=at)


@pytest.mark.parametrize(
    "wrong", [{"destination": "440000"}, {"destination": ""}, {"urgency": "ROUTINE"}, {"words": " "}]
)
def test_raising_says_what_is_missing(parties, case, at, wrong):
    with acting(parties.origin.scope), pytest.raises(Invalid) as refused:
        services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(**wrong), at=at)
    assert list(refused.value.fields) == list(wrong)


def test_a_province_that_nobody_knows_is_refused_before_anything_is_told(parties, case, at):
    Division.objects.get_or_create(code="530000", defaults={"name": "云南省", "level": "PROVINCE"})
    with acting(parties.origin.scope), pytest.raises(DomainError) as refused:
        services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(destination="530000"), at=at)
    assert refused.value.code == "chains.party-unknown"
    assert files() == {}


def test_two_clicks_raise_one_chain(parties, case, raised, at):
    with acting(parties.origin.scope):
        again = services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(), at=at)
    assert again.pk == raised.pk
    assert len(files()) == 3


def test_taking_it_opens_a_case_and_a_crisis_order_of_one_s_own(parties, raised, at):
    do(parties, "DESTINATION", "ACCEPT", at)
    there = files()["DESTINATION"]
    with acting(EVERYTHING):
        case, order = Case.objects.get(pk=there.case_id), WorkOrder.objects.get(pk=there.order_id)
        assert CaseHold.objects.filter(case=case, subject_kind="chain", lifted_at=None).count() == 1
    assert (case.province, order.kind, order.state) == ("450000", "CRISIS", "IN_PROGRESS")
    assert there.opened_by_account_id == parties.destination.account_id
    do(parties, "DESTINATION", "SET_OUT", at)
    walk(parties, [("DESTINATION", "REACH"), ("DESTINATION", "SETTLE"), ("DESTINATION", "FINISH")], at)
    with acting(EVERYTHING):
        assert WorkOrder.objects.get(pk=order.pk).state == "SUBMITTED"
        assert not CaseHold.objects.filter(subject_kind="chain", lifted_at=None)


def test_refusing_after_all_hands_the_order_in(parties, raised, at):
    do(parties, "DESTINATION", "ACCEPT", at)
    do(parties, "DESTINATION", "REFUSE", at, code="NOT_OUR_AREA")
    with acting(EVERYTHING):
        assert WorkOrder.objects.get(pk=files()["DESTINATION"].order_id).state == "SUBMITTED"
    assert running("NATIONAL") == {"CHAIN_SUPERVISION", "CHAIN_DECISION"}


def test_clocks_run_with_whoever_must_act_and_with_those_who_wait(parties, raised, at):
    assert running("DESTINATION") == running("ORIGIN") == {"CHAIN_ACCEPTANCE"}
    assert running("NATIONAL") == {"CHAIN_SUPERVISION", "CHAIN_ACCEPTANCE"}
    walk(parties, [("NATIONAL", "SUPERVISE"), ("DESTINATION", "ACCEPT")], at)
    assert running("DESTINATION") == running("NATIONAL") == {"CHAIN_INTERVENTION"}
    assert running("ORIGIN") == set()
    do(parties, "DESTINATION", "SET_OUT", at)
    assert running("DESTINATION") == running("NATIONAL") == running("ORIGIN") == {"CHAIN_REPORT"}


def test_a_report_starts_its_clock_anew_and_a_visit_sets_its_own_date(parties, raised, at):
    walk(parties, [("DESTINATION", "ACCEPT"), ("DESTINATION", "SET_OUT")], at)
    later = at + timedelta(minutes=40)
    do(parties, "DESTINATION", "REPORT", later)
    with acting(EVERYTHING):
        report = Clock.objects.get(kind="CHAIN_REPORT", subject_id=files()["DESTINATION"].pk, met_at=None)
    assert abs(report.due_at - (later + timedelta(minutes=60))) < timedelta(seconds=1)
    walk(parties, [("DESTINATION", "REACH"), ("DESTINATION", "SETTLE"), ("DESTINATION", "BEGIN_CARE")], at)
    with acting(EVERYTHING):
        visit = Clock.objects.get(kind="CHAIN_VISIT", subject_id=files()["DESTINATION"].pk, met_at=None)
    assert visit.due_at == at + timedelta(days=7)


def test_when_nobody_takes_it_the_seat_and_the_national_desk_hear_it_once_each(parties, raised, at):
    late = at + timedelta(minutes=6)
    clocks.tick(at=late)
    clocks.tick(at=late + timedelta(seconds=1))
    with acting(EVERYTHING):
        heard = list(Notice.objects.filter(kind="chains.late:CHAIN_ACCEPTANCE"))
        story_ = Entry.objects.filter(name="chains.late")
        assert story_.count() == 3
    houses = {row.role: row.organisation_id for row in files().values()}
    assert {row.organisation_id for row in heard} == {houses["ORIGIN"], houses["NATIONAL"]}
    assert any(row.account_id == parties.origin.account_id for row in heard)


def test_whoever_must_act_is_told_at_once(parties, raised):
    with acting(EVERYTHING):
        there = Notice.objects.get(kind="chains.told:RAISE", organisation_id=files()["DESTINATION"].organisation_id)
        nation = Notice.objects.get(kind="chains.told:RAISE", organisation_id=files()["NATIONAL"].organisation_id)
    assert (there.urgency, there.permission) == ("URGENT", "chains.act")
    assert nation.permission == "chains.supervise"


def test_a_centre_that_is_asked_reads_the_whole_story_and_helps(parties, raised, at):
    walk(parties, [("NATIONAL", "SUPERVISE"), ("DESTINATION", "ACCEPT"), ("DESTINATION", "SET_OUT")], at)
    do(parties, "NATIONAL", "ASK_CENTRE", at + timedelta(seconds=5), region="420100")
    assert story("CENTRE") == story("NATIONAL")
    with acting(EVERYTHING):
        assert not ChainEntry.objects.filter(chain__role="CENTRE").exclude(facts_sealed=None)
    do(parties, "CENTRE", "ASSIST", at + timedelta(seconds=6))
    do(parties, "CENTRE", "ADVISE", at + timedelta(seconds=7))
    do(parties, "DESTINATION", "REACH", at + timedelta(seconds=8))
    do(parties, "CENTRE", "LEAVE", at + timedelta(seconds=9))
    assert story("CENTRE") == story("NATIONAL") == story("ORIGIN") == story("DESTINATION")
    assert files()["ORIGIN"].centre_standing == "LEFT"


def test_a_centre_that_was_not_asked_has_no_file(parties, raised, at):
    assert "CENTRE" not in files()


def test_redirected_it_goes_on_in_a_new_chain_of_the_same_case(parties, raised, case, at):
    do(parties, "DESTINATION", "REFUSE", at, code="NOT_OUR_AREA")
    do(parties, "NATIONAL", "SUPERVISE", at)
    do(parties, "NATIONAL", "REDIRECT", at, region="420000")
    assert files()["ORIGIN"].stage == "REDIRECTED"
    with acting(parties.origin.scope):
        new = services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(destination="420000"), at=at)
    assert new.continues_id == raised.pk


def test_what_is_told_twice_is_written_once_and_other_words_are_refused(parties, raised, at):
    with acting(EVERYTHING):
        chain = Chain.objects.get(role="DESTINATION")
        entry = entry_of(ChainEntry.objects.get(chain=chain))
        assert write_down(chain, entry, at=at) is False
        for wrong, code in (
            (replace(entry, words="别的话"), "id-conflict"),
            (replace(entry, number=3), "seq-conflict"),
            (replace(entry, number=2), "out-of-state"),
        ):
            with pytest.raises(MisplacedError) as refused:
                write_down(chain, wrong, at=at)
            assert refused.value.code == code


def test_sealed_words_are_sealed_anew(parties, raised, at):
    add_key()
    assert services.rotate_words(at=at) == 2
    assert services.rotate_facts(at=at) == 2
    assert services.rotate_words(at=at) == services.rotate_facts(at=at) == 0
    with acting(EVERYTHING):
        assert selectors.facts_of(files()["DESTINATION"])[0]["persons"]


def test_a_clock_of_a_chain_that_is_over_rings_no_bell(parties, raised, at):
    do(parties, "ORIGIN", "WITHDRAW", at, code="RESOLVED")
    assert {row.stage for row in files().values()} == {"WITHDRAWN"}
    clocks.tick(at=at + timedelta(hours=2))
    with acting(EVERYTHING):
        assert not Notice.objects.filter(kind__startswith="chains.late")
    do(parties, "ORIGIN", "RENEW", at)
    assert running("DESTINATION") == {"CHAIN_ACCEPTANCE"}
