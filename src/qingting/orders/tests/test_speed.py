"""What an act costs in statements, so that nobody makes it slower unnoticed. Answers that processes keep are kept here, too."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingting.core.scope import acting
from qingting.orders import services
from qingting.orders.tests.conftest import SERVICES, WORDS

pytestmark = pytest.mark.django_db

MOST = {"dispatch": 25, "accept": 11, "progress": 8, "submit": 14, "send_back": 10, "approve": 40}


def cost(parties, act, order) -> int:
    """How many statements, without the savepoint around each act, which stands in tests only."""
    who = parties.whose(act)
    given = parties._given(act, who, order)
    service = getattr(services, SERVICES.get(act, act))
    with acting(who.scope), CaptureQueriesContext(connection) as sent:
        service(actor=who, order_id=order.pk, at=parties.at, words=WORDS, **given)
    return len(sent) - 2


@pytest.mark.parametrize("act", MOST)
def test_an_act_stays_within_its_statements(parties, order_in, settings, act):
    settings.REMEMBERING = True
    state = {"dispatch": "DRAFTED", "accept": "DISPATCHED", "send_back": "SUBMITTED", "approve": "SUBMITTED"}
    order = order_in(state.get(act, "IN_PROGRESS"))
    assert cost(parties, act, order) <= MOST[act]
