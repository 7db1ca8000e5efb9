"""A complaint about a talk at Guangdong's station, and the people around it."""

import pytest

from qingting.cases.tests.conftest import case, clock_rules, contact, new_case  # noqa: F401
from qingting.complaints import services
from qingting.complaints.services import NewComplaint
from qingting.complaints.states import Source

WORDS = "等了两个小时没有人理我，后来那个人还说我小题大做。"


@pytest.fixture
def second(tree):
    """Another shift leader of the station, who may deal with what the first is concerned in."""
    return tree.person("SHIFT_LEADER", tree.station, "郑副班长")


@pytest.fixture
def above(tree):
    """Who deals with complaints at the province."""
    return tree.person("REVIEWER", tree.province, "省级审核")


@pytest.fixture
def complain(tree, leader_here, above, at, known_clock_rules):
    """`complain(about=…, …)`: somebody without a name does so at the portal; returns complaint and token."""

    def go(about="ORDER", **more):
        new = NewComplaint(about, tree.station.id, WORDS, **more)
        taken = services.receive(source=Source.PORTAL, new=new, at=at)
        return taken.complaint, taken.token

    return go
