"""Every desk reads a message the same way, or refuses it."""

import pytest

from deskwire.canonical import NotCanonicalError, canonical, message_digest, parse


def test_digest_survives_another_library_s_spacing_and_order():
    assert message_digest(parse(b'{ "b" : 1.0, "a": "\xe9\x9d\x92" }')) == message_digest({"a": "青", "b": 1})


def test_canonical_form_is_sorted_and_unspaced():
    assert canonical({"b": [True, None], "a": "青听"}) == '{"a":"青听","b":[true,null]}'.encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b'{"a":"x\\u0000"}',
        b'{"a":1e999}',
        b'{"a":123456789012345678901234567890}',
        '{"a":"青"}'.encode("gbk"),
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"a":' + b"[" * 100_000,
    ],
)
def test_what_desks_could_read_differently_is_refused(raw):
    with pytest.raises(NotCanonicalError):
        parse(raw)
