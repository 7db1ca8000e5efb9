"""Both desks say the same of the same step."""

import pytest

from deskwire import words
from qingting.linkage import states


@pytest.mark.parametrize(
    ("ours", "wire"),
    [
        (states.Stage, words.STAGE),
        (states.Outcome, words.OUTCOME),
        (states.RejectionReason, words.REJECTION),
        (states.CancelReason, words.CANCELLATION),
        (states.Basis, words.BASIS),
    ],
)
def test_codes_read_alike_at_both_desks(ours, wire):
    assert {code: str(label) for code, label in ours.choices} == dict(wire)
