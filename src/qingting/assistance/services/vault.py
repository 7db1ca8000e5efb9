"""Sealing what assistance holds anew after a change of keys."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from qingting.assistance import selectors
from qingting.assistance.models import AidNote, ClosingReport, Lawyer, LegalService
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.scope import EVERYTHING, acting


def rotate_notes(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` notes with the current key. Returns how many; 0 when done."""
    return _rotate(AidNote, "words_sealed", selectors.WORDS, batch)


def rotate_phones(*, batch: int = 500, at: datetime) -> int:
    """The same for the telephone numbers of lawyers."""
    return _rotate(Lawyer, "phone_sealed", selectors.PHONE, batch)


def rotate_services(*, batch: int = 500, at: datetime) -> int:
    """The same for what lawyers did."""
    return _rotate(LegalService, "words_sealed", selectors.DONE, batch)


def rotate_closing_reports(*, batch: int = 500, at: datetime) -> int:
    """The same for closing reports."""
    return _rotate(ClosingReport, "words_sealed", selectors.REPORT_WORDS, batch)


@transaction.atomic
def _rotate(model: type[Model], column: str, field: str, batch: int) -> int:
    older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
    with acting(EVERYTHING):
        table: QuerySet[Any] = QuerySet(model)
        stale = table.filter(**{f"{column}__lt": older})
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            setattr(row, column, seal(unseal(bytes(getattr(row, column)), field=field), field=field))
        table.bulk_update(rows, [column])
    return len(rows)
