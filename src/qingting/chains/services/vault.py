"""Sealing what chains keep anew after a change of keys."""

from datetime import datetime

from django.db import transaction

from qingting.chains.models import ChainEntry
from qingting.chains.selectors import FACTS, WORDS
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.scope import EVERYTHING, acting


@transaction.atomic
def rotate_words(*, batch: int = 500, at: datetime) -> int:
    """Seal the words of up to `batch` entries with the current key. Returns how many; 0 when done."""
    return _rotate("words_sealed", WORDS, batch)


@transaction.atomic
def rotate_facts(*, batch: int = 500, at: datetime) -> int:
    """Seal what up to `batch` entries told of a person with the current key. Returns how many; 0 when done."""
    return _rotate("facts_sealed", FACTS, batch)


def _rotate(column: str, field: str, batch: int) -> int:
    older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
    with acting(EVERYTHING):
        stale = ChainEntry.objects.filter(**{f"{column}__lt": older}).exclude(**{column: None})
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            setattr(row, column, seal(unseal(bytes(getattr(row, column)), field=field), field=field))
        ChainEntry.objects.bulk_update(rows, [column])
    return len(rows)
