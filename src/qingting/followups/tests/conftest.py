"""A case whose only order is finished: a follow-up is due and a rating awaited."""

import pytest
from django.db import transaction

from qingting.cases.tests.conftest import case, clock_rules, contact, new_case  # noqa: F401
from qingting.core.scope import acting
from qingting.followups.models import FollowUp, RatingInvitation
from qingting.followups.selectors import rating_path
from qingting.orders.tests.conftest import draft, order_in, parties  # noqa: F401


@pytest.fixture
def done(order_in):  # noqa: F811
    return order_in("FINISHED")


@pytest.fixture
def caller(tree):
    """Somebody at the station who had no part in the work."""
    return tree.person("FOLLOW_UP_AGENT", tree.station, "苏晴")


@pytest.fixture
def follow_up(done, caller):
    with acting(caller.scope), transaction.atomic():
        return FollowUp.objects.select_related("case").get(case_id=done.case_id)


@pytest.fixture
def invitation(done, caller):
    with acting(caller.scope), transaction.atomic():
        return RatingInvitation.objects.get(case_id=done.case_id)


@pytest.fixture
def token(invitation):
    return rating_path(invitation).rsplit("/", 1)[1]
