"""A chain travels on a link of its own, between desks that both announced 1.1."""

import uuid

import pytest

from deskwire import VERSIONS
from deskwire.envelope import MessageType
from deskwire.lifecycle import State, may_send
from deskwire.problems import ProblemError
from deskwire.receiver import Receiver
from deskwire.sending import Draft, new_link, write
from deskwire.tests.desks import NOW, POLICE, YOUTH, handoff_body, handoff_draft, make_pair, note_draft

AT = "2026-11-22T05:07:00Z"


def body(**changes):
    entry = {"author": "ORIGIN", "number": 1, "act": "RAISE", "at": AT, "operator": "12355-7", "text": "有人要轻生"}
    return {
        "chainId": str(uuid.uuid4()),
        "number": "KS20261122-44-1A2B",
        "urgency": "CRITICAL",
        "openedAt": AT,
        "parties": {"origin": "440000", "destination": "450000"},
        "to": ["DESTINATION", "NATIONAL"],
        "entry": entry,
        **changes,
    }


def chain_draft(**changes):
    return Draft(MessageType.CHAIN, body(**changes))


@pytest.fixture
def pair():
    """Two desks that both speak 1.1."""
    found = make_pair()
    police = found.police
    police.receiver = Receiver(police.store, police.keyring, police.me, police.clock, versions=VERSIONS)
    return found


def written(*drafts, sender=YOUTH, peer=POLICE):
    link, messages = new_link(peer, str(uuid.uuid4())), []
    for draft in drafts:
        message, link = write(link, draft, sender, NOW)
        messages.append(message)
    return messages, link


def test_entries_go_both_ways_on_a_shared_link(pair):
    (first, second), link = written(chain_draft(), chain_draft())
    assert pair.post(first).status == pair.post(second).status == 202
    there = pair.police.store.content.find_link(first.link_id)
    assert there.state is link.state is State.SHARED
    assert may_send(there) == may_send(link) == {MessageType.CHAIN}
    answer, _ = write(there, chain_draft(), POLICE, NOW)
    assert (answer.seq, answer.document["schemaVersion"]) == (1, "1.1")


def test_nothing_else_travels_on_a_chain_s_link_nor_a_chain_on_another(pair):
    (first, _), link = written(chain_draft(), chain_draft())
    pair.post(first)
    for other in (note_draft(), handoff_draft()):
        with pytest.raises(ProblemError, match="out-of-state"):
            write(link, other, YOUTH, NOW)
    (handoff,), case = written(handoff_draft())
    pair.post(handoff)
    with pytest.raises(ProblemError, match="out-of-state"):
        write(case, chain_draft(), YOUTH, NOW)


def test_a_desk_that_announced_1_0_only_refuses_it():
    old = make_pair()
    (message,), _ = written(chain_draft())
    answer = old.post(message)
    assert answer.status == 422
    assert b'"/schemaVersion"' in answer.body
    assert old.police.store.content.received == {}


def exercise(**changes):
    return Draft(MessageType.CHAIN, body(**changes), drill=True)


def test_every_message_of_an_exercise_says_so_and_no_other_joins_its_link(pair):
    (first, second), link = written(exercise(), chain_draft())  # the link knows that it is one
    assert first.drill
    assert second.drill
    assert first.document["schemaVersion"] == second.document["schemaVersion"] == "1.2"
    assert pair.post(first).status == 202
    there = pair.police.store.content.find_link(first.link_id)
    assert there.drill
    assert link.drill
    answer, _ = write(there, chain_draft(), POLICE, NOW)
    assert answer.drill


def test_a_real_chain_s_link_takes_no_exercise():
    with pytest.raises(ProblemError, match="out-of-state"):
        written(chain_draft(), exercise())


def test_an_exercise_tells_nothing_of_a_person():
    facts = {name: value for name, value in handoff_body().items() if name != "listItem"} | {"urgency": "CRITICAL"}
    with pytest.raises(ProblemError, match="schema"):
        written(exercise(facts=facts))


def test_a_desk_that_knows_no_exercises_refuses_one(pair):
    police = pair.police
    police.receiver = Receiver(police.store, police.keyring, police.me, police.clock, versions=("1.0", "1.1"))
    (message,), _ = written(exercise())
    assert pair.post(message).status == 422
    assert police.store.content.received == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": {"summary": "没有依据"}},
        {"to": []},
        {"to": ["PRESS"]},
        {"parties": {"origin": "440000"}},
        {"name": "张三"},
        {"entry": {"author": "ORIGIN", "number": 0, "act": "RAISE", "at": AT, "operator": "1"}},
    ],
)
def test_a_fault_in_a_chain_is_found_before_it_is_sent(changes):
    with pytest.raises(ProblemError, match="schema"):
        written(chain_draft(**changes))


def test_facts_are_the_body_of_a_handoff():
    facts = {name: value for name, value in handoff_body().items() if name != "listItem"}
    assert written(chain_draft(facts=facts | {"urgency": "CRITICAL"}))[0]


def test_a_held_entry_that_the_host_will_not_have_does_not_take_the_one_before_with_it():
    def refuse_second(_tx, message, _link):
        if message.seq == 2:
            raise ProblemError("not-party")

    pair = make_pair(refuse_second)
    police = pair.police
    police.receiver = Receiver(police.store, police.keyring, police.me, police.clock, versions=VERSIONS)
    (first, second), _ = written(chain_draft(), chain_draft())
    assert pair.post(second).status == pair.post(first).status == 202
    report = pair.client().link(first.link_id)
    assert (report.applied, report.held, report.refused) == (2, [], [2])
