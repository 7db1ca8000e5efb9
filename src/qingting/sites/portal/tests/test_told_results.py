"""What a scale tells the counsellor is heard by the screening of danger as it should be."""

import pytest

from qingting.knowledge import selfhelp
from qingting.screening import screen

PHQ, GAD = selfhelp.scales()["phq9"], selfhelp.scales()["gad7"]


@pytest.mark.parametrize("often", [1, 2, 3])
def test_item_nine_is_heard_however_low_the_sum(often):
    assert screen(selfhelp.told(PHQ, [0] * 8 + [often])).level in {"CRITICAL", "URGENT", "ROUTINE"}


def test_a_result_without_danger_raises_no_alarm():
    assert not screen(selfhelp.told(GAD, [2, 2, 2, 2, 2, 2, 0])).alert
