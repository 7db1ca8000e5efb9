"""After a change of keys, what was told to other desks is sealed anew and reads the same."""

import pytest

from qingting.core import crypto
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import selectors
from qingting.linkage.models import HandoffNote
from qingting.linkage.services import rotate_messages, rotate_notes

pytestmark = pytest.mark.django_db


def test_nothing_is_left_under_an_old_key(at):
    crypto.add_key()
    while rotate_messages(at=at) or rotate_notes(at=at):
        pass
    older = bytes([1]) + crypto.keyring().current.to_bytes(2, "big")
    with acting(EVERYTHING):
        assert not HandoffNote.objects.filter(words_sealed__lt=older).exists()


def test_the_field_name_is_that_of_the_column():
    assert f"{HandoffNote._meta.db_table}.words_sealed" == selectors.WORDS
