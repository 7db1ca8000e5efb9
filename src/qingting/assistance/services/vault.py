"""Sealing the words of assistance anew after a change of keys."""

from datetime import datetime

from django.db import transaction

from qingting.assistance.models import AidNote
from qingting.assistance.selectors import WORDS
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.scope import EVERYTHING, acting


@transaction.atomic
def rotate_notes(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` notes with the current key. Returns how many; 0 when done."""
    older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
    with acting(EVERYTHING):
        stale = AidNote.objects.filter(words_sealed__lt=older)
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.words_sealed = seal(unseal(bytes(row.words_sealed), field=WORDS), field=WORDS)
        AidNote.objects.bulk_update(rows, ["words_sealed"])
    return len(rows)
