"""What is sealed opens only where it was sealed, and equal values are found without being told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingting.core import crypto

FIELD = "seekers_personaldatum.sealed"


@settings(max_examples=50)
@given(st.text(max_size=200))
def test_what_is_sealed_opens_again(plain):
    assert crypto.unseal(crypto.seal(plain, field=FIELD), field=FIELD) == plain


def test_it_does_not_open_in_another_column():
    with pytest.raises(ValueError, match="changed or moved"):
        crypto.unseal(crypto.seal("王小明", field=FIELD), field="other.column")


@given(st.integers(min_value=3, max_value=40))
def test_one_changed_byte_is_noticed(position):
    envelope = bytearray(crypto.seal("13800138000", field=FIELD))
    position %= len(envelope)
    envelope[position] ^= 1
    with pytest.raises(ValueError, match=r"changed|key|format"):
        crypto.unseal(bytes(envelope), field=FIELD)


def test_the_same_value_never_looks_the_same_but_is_found():
    one, other = crypto.seal("13800138000", field=FIELD), crypto.seal("13800138000", field=FIELD)
    assert one != other
    assert crypto.blind_index("13800138000", field="p") == crypto.blind_index("13800138000", field="p")
    assert crypto.blind_index("13800138000", field="p") != crypto.blind_index("13800138000", field="q")


def test_after_a_new_key_old_values_still_open():
    before = crypto.seal("旧", field=FIELD)
    version = crypto.add_key()
    assert crypto.unseal(before, field=FIELD) == "旧"
    assert crypto.key_version(crypto.seal("新", field=FIELD)) == version


def test_the_key_file_is_for_its_owner_alone():
    crypto.keyring()
    assert crypto.keyring_path().stat().st_mode & 0o077 == 0
