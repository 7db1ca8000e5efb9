"""What an act costs in statements, so that nobody makes it slower unnoticed. Answers that processes keep are kept here, too."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingting.core.scope import acting
from qingting.orders import services
from qingting.orders.tests.conftest import SERVICES, WORDS

pytestmark = pytest.mark.django_db

# Of each act: most statements, and how many of them wait for an answer; the others travel along (`transactions.later`).
MOST = {
    "dispatch": (23, 13),
    "accept": (9, 4),
    "progress": (6, 2),
    "submit": (12, 5),
    "send_back": (7, 2),
    "approve": (35, 17),
}
_QUIET = ("(later)", "SAVEPOINT", "RELEASE")


def cost(parties, act, order) -> tuple[int, int]:
    """How many statements, and how many are waited for; without the savepoint around each act, which stands in tests only."""
    who = parties.whose(act)
    given = parties._given(act, who, order)
    service = getattr(services, SERVICES.get(act, act))
    with acting(who.scope), CaptureQueriesContext(connection) as sent:
        service(actor=who, order_id=order.pk, at=parties.at, words=WORDS, **given)
    return len(sent) - 2, sum(not query["sql"].startswith(_QUIET) for query in sent)


@pytest.mark.parametrize("act", MOST)
def test_an_act_stays_within_its_statements(parties, order_in, settings, act):
    settings.REMEMBERING = True
    state = {"dispatch": "DRAFTED", "accept": "DISPATCHED", "send_back": "SUBMITTED", "approve": "SUBMITTED"}
    order = order_in(state.get(act, "IN_PROGRESS"))
    statements, waited_for = cost(parties, act, order)
    most, most_waited_for = MOST[act]
    assert statements <= most
    assert waited_for <= most_waited_for
