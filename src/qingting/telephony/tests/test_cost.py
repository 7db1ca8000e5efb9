"""What a call costs in statements until two people talk, so that nobody makes it slower unnoticed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingting.core.ids import new_id
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import services
from qingting.telephony.services import Arrival

pytestmark = pytest.mark.django_db

MOST = {"begin_waiting": 14, "take_call": 16, "end_call": 34}


@pytest.fixture
def cost(ready, line, at):
    """Writes a call down from its first to its last moment; gives the statements of each step and what the journal says."""
    arrival = Arrival(new_id(), "asterisk", "caller-1", line.number, "13800138000")
    begun = {"arrival": arrival, "line": line}
    taken = {"call_id": arrival.call_id, "account_id": ready.account_id, "channel": "seat-1"}
    ended = {"call_id": arrival.call_id, "outcome": "TALKED"}
    spent = {}
    for step, words in {"begin_waiting": begun, "take_call": taken, "end_call": ended}.items():
        with acting(EVERYTHING), CaptureQueriesContext(connection) as sent:
            getattr(services, step)(**words, at=at)
        spent[step] = sum("SAVEPOINT" not in statement["sql"] for statement in sent.captured_queries)
    return spent


@pytest.mark.parametrize("step", MOST)
def test_a_step_of_a_call_stays_within_its_statements(cost, step):
    assert cost[step] <= MOST[step]


def test_every_step_of_it_stands_in_the_journal(cost, everything):
    told = Entry.objects.filter(name__regex=r"^(telephony|duty|contacts)\.").values_list("name", flat=True)
    assert set(told) >= {
        "telephony.call-begun",
        "telephony.call-waiting",
        "duty.line-entered",
        "duty.offer-made",
        "duty.offer-ended",
        "duty.entry-taken",
        "telephony.call-taken",
        "contacts.opened",
        "telephony.call-ended",
    }
