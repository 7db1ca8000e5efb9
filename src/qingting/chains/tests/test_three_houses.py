"""Three houses that tell the national desk's at the same moment: nobody waits for somebody who waits for them."""

import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction

from qingting.chains.models import ChainEntry
from qingting.chains.tests.conftest import do, files
from qingting.chains.tests.test_wire import OtherHouse, fresh_wire, told
from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import store

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
__all__ = ["fresh_wire"]
ROUNDS = 3


@pytest.fixture
def houses(tree, parties, at):
    """Guangxi's, where the call came in, Hubei's, where the person is, and the centre's; the national desk works here."""
    places = {"ORIGIN": "450000", "DESTINATION": "420000", "CENTRE": "420100"}
    return {role: OtherHouse(tree, (place,), at, f"desk-12355-{place}") for role, place in places.items()}


@pytest.fixture
def told_by(houses, parties, at):
    """`told_by(role, act, number)`: a house tells the national desk; returns status and code."""
    first = told(parties={"origin": "450000", "destination": "420000"}, to=["NATIONAL"])
    first.pop("facts")
    assert houses["ORIGIN"].says(first) == (202, "")
    do(parties, "NATIONAL", "SUPERVISE", time.now())
    do(parties, "NATIONAL", "ASK_CENTRE", time.now(), region="420100")

    def tell(role, act, number):
        now = time.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry = {"author": role, "number": number, "act": act, "at": now, "operator": "12355-1", "text": "已告知"}
        body = first | {"parties": {**first["parties"], "centre": "420100"}, "entry": entry}
        return houses[role].says(body)

    return tell


def test_messages_that_arrive_at_once_from_several_houses_are_all_taken(told_by, houses, monkeypatch):
    assert told_by("CENTRE", "ASSIST", 1) == (202, "")
    assert told_by("DESTINATION", "ACCEPT", 1) == (202, "")
    assert told_by("DESTINATION", "SET_OUT", 2) == (202, "")
    here = threading.Barrier(3)
    lock_link = store.lock_link

    def lock_and_let_the_others_come(link_id):
        lock_link(link_id)
        with suppress(threading.BrokenBarrierError):  # the others wait for the matter, as they should
            here.wait(timeout=0.3)

    monkeypatch.setattr(store, "lock_link", lock_and_let_the_others_come)
    answers = []

    def say(role, act, number):
        try:
            answers.append(told_by(role, act, number))
        finally:
            connection.close()

    for turn in range(ROUNDS):
        here.reset()
        said = [("ORIGIN", "SUPPLEMENT", turn + 2), ("DESTINATION", "REPORT", turn + 3), ("CENTRE", "ADVISE", turn + 2)]
        together = [threading.Thread(target=say, args=words) for words in said]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
    assert answers == [(202, "")] * 3 * ROUNDS
    with acting(EVERYTHING), transaction.atomic():
        written = ChainEntry.objects.filter(chain=files()["NATIONAL"])
        assert written.count() == 6 + 3 * ROUNDS
    heard = [body["entry"]["author"] for body in houses["CENTRE"].heard()]
    assert heard.count("DESTINATION") == 2 + ROUNDS
