"""Parts of a body, as players ask for them."""

import pytest

from qingting.telephony.ranges import span
from qingting.telephony.waveform import peaks_of


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("bytes=0-", (0, 1000)),
        ("bytes=10-19", (10, 20)),
        ("bytes=990-5000", (990, 1000)),
        ("bytes=-100", (900, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=1000-", None),
        ("bytes=20-10", None),
        ("bytes=-0", None),
        ("bytes=0-1,5-6", (0, 1000)),
        ("pages=1-2", (0, 1000)),
        ("bytes=-", (0, 1000)),
    ],
)
def test_a_range_is_answered_as_the_standard_says(asked, given):
    assert span(asked, 1000) == given


@pytest.mark.parametrize("body", [b"", b"RIFF", b"RIFF....WAVE" + b"no sound at all" * 50])
def test_what_is_no_sound_has_no_drawing(body):
    assert peaks_of(body) == b""
