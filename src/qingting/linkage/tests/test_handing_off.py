"""One click: what 110 gets, what the case is held by, and what is refused."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qingting.cases.selectors import holds_of
from qingting.contacts.models import Contact
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import selectors, services, wire
from qingting.linkage.models import DeskMessage, Handoff
from qingting.linkage.services import Wish
from qingting.seekers.models import Consent


@pytest.fixture
def handed(agent_here, case, police, at):
    """The first item of the list, handed off with the number."""
    with acting(agent_here.scope):
        return services.hand_off(
            actor=agent_here, case_id=case.pk, item_number=1, wish=Wish("她还在线上", with_phone=True), at=at
        )


def in_sight(actor):
    return acting(actor.scope)


def test_one_click_stores_everything_at_once(handed, agent_here, case, everything):
    assert handed.state == "QUEUED"
    assert [hold.kind for hold in holds_of(agent_here, case.pk)] == ["HANDOFF_OPEN"]
    clock = Clock.objects.get(subject_kind="handoff", subject_id=handed.pk)
    assert clock.kind == "HANDOFF_ACKNOWLEDGEMENT"
    assert clock.case_id == case.pk
    assert Consent.objects.get(seeker_id=case.seeker_id).basis == "LIFE_AT_STAKE"
    entry = Entry.objects.get(name="linkage.handed-off")
    assert entry.ids["case"] == case.pk
    assert DeskMessage.objects.get(link_id=handed.link_id).state == "WAITING"


def test_110_is_told_what_it_needs_and_no_more(handed, police, at):
    services.send_due(at=at)
    (message,) = police.heard
    body = message.body
    assert body["listItem"]["no"] == 1
    assert body["locations"][0]["text"] == "天河区某小区12栋天台"
    assert body["persons"] == [
        {
            "role": "HELP_SEEKER",
            "under14": False,
            "note": "年龄段：14–17岁",
            "gender": "FEMALE",
            "phone": "13912345678",
        }
    ]
    assert body["disclosureBasis"]["code"] == "LIFE_AT_STAKE"
    assert {fact["code"] for fact in body["riskSnapshot"]["facts"]} >= {"PLAN_CONCRETE", "MEANS_AT_HAND"}
    assert "夜里独自在家" not in message.to_bytes().decode()


def test_the_number_stays_here_unless_it_is_needed(agent_here, case, police, at):
    with in_sight(agent_here):
        services.hand_off(actor=agent_here, case_id=case.pk, item_number=4, at=at)
    services.send_due(at=at)
    assert "13912345678" not in police.heard[0].to_bytes().decode()
    assert police.heard[0].body["disclosureBasis"]["code"] == "MANDATORY_REPORT"


def test_nothing_of_the_person_stands_in_clear_in_tables_or_journal(handed, everything):
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("linkage_deskmessage", "linkage_handoff", "linkage_handoffnote", "core_entry"):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%%13912345678%%' OR t::text LIKE '%%天台%%'"
            )
            assert cursor.fetchone()[0] == 0, table


def test_what_was_sent_can_be_read_again_masked(handed, agent_here):
    with in_sight(agent_here):
        words = " ".join(line.text for line in selectors_lines(handed))
    assert "尾号5678" in words
    assert "13912345678" not in words


def selectors_lines(handoff):
    from qingting.linkage.disclosure import in_words

    return in_words(selectors.body_of(handoff))


def test_a_second_click_is_the_same_handoff(handed, agent_here, case, at, everything):
    again = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    assert again.pk == handed.pk
    assert Handoff.objects.count() == 1
    assert DeskMessage.objects.count() == 1


def test_outside_the_list_is_refused_with_what_to_do(agent_here, case, police, at):
    with in_sight(agent_here), pytest.raises(Invalid) as refusal:
        services.hand_off(actor=agent_here, case_id=case.pk, item_number=15, at=at)
    assert "110" in refusal.value.do_next


def test_a_province_without_a_desk_is_told_to_telephone(agent_here, case, at):
    with in_sight(agent_here), pytest.raises(DomainError) as refusal:
        services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    assert refusal.value.code == "linkage.desk.none"


def test_another_province_finds_no_case(agent_elsewhere, case, police, at):
    with in_sight(agent_elsewhere), pytest.raises(NotFound):
        services.hand_off(actor=agent_elsewhere, case_id=case.pk, item_number=1, at=at)


def test_who_may_only_look_may_not_hand_off(tree, case, police, at):
    handler = tree.person("ORDER_HANDLER", tree.station)
    with in_sight(handler), pytest.raises(NotAllowed):
        services.hand_off(actor=handler, case_id=case.pk, item_number=1, at=at)


def test_the_database_shows_no_handoff_to_another_province(handed, agent_elsewhere):
    with in_sight(agent_elsewhere), transaction.atomic():
        assert Handoff.objects.count() == 0
        assert DeskMessage.objects.count() == 0
    with acting(EVERYTHING), transaction.atomic():
        assert Handoff.objects.count() == 1


def test_taking_it_back_lets_the_case_go_and_tells_110(handed, agent_here, case, police, at):
    with in_sight(agent_here):
        services.cancel_handoff(
            actor=agent_here, handoff_id=handed.pk, reason="SENT_IN_ERROR", words="点错了个案", at=at
        )
        assert holds_of(agent_here, case.pk) == []
    services.send_due(at=at)
    assert [str(message.type) for message in police.heard] == ["handoff", "cancellation"]


def test_a_supplement_goes_out_behind_the_handoff(handed, agent_here, police, at):
    with in_sight(agent_here):
        services.send_supplement(actor=agent_here, handoff_id=handed.pk, words="她说门没有锁", at=at)
    assert services.send_due(at=at) == 2
    assert [message.seq for message in police.heard] == [1, 2]
    assert police.heard[1].body["text"] == "她说门没有锁"


def test_the_one_click_asks_the_database_little(police, agent_here, case, at):
    with acting(agent_here.scope), CaptureQueriesContext(connection) as asked:
        services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    work = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(work) <= 29, "in a running process six of these are remembered\n" + "\n".join(sql[:90] for sql in work)


def test_a_web_process_is_ready_for_its_first_handoff(police, everything):
    wire.warm_up()
    assert wire.identity.cache_info().currsize == 1


def test_110_hears_of_writing_in_words_and_of_no_call_to_join(handed, police, at):
    services.send_due(at=at)
    body = police.heard[0].body
    assert "calls" not in body
    assert "正在网上用文字和本人交谈" in body["summary"]


def test_when_nobody_writes_any_more_nothing_is_said_of_it(agent_here, case, police, at, everything):
    Contact.objects.update(ended_at=at)
    with acting(agent_here.scope):
        services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    services.send_due(at=at)
    assert "正在网上" not in police.heard[0].body["summary"]
