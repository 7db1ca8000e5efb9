"""Sealing what the linkage keeps anew after a change of keys."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from qingting.core.crypto import keyring, seal, unseal
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage.models import DeskMessage, HandoffNote, MandatoryReport
from qingting.linkage.selectors import REPORT_WORDS, WORDS
from qingting.linkage.store import DOCUMENT


@transaction.atomic
def rotate_messages(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` messages to and from other desks with the current key. Returns how many; 0 when done."""
    return _rotate(DeskMessage.objects, "document_sealed", DOCUMENT, batch)


@transaction.atomic
def rotate_notes(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` notes of handoffs with the current key. Returns how many; 0 when done."""
    return _rotate(HandoffNote.objects, "words_sealed", WORDS, batch)


@transaction.atomic
def rotate_reports(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` words of mandatory reports with the current key. Returns how many; 0 when done."""
    return _rotate(MandatoryReport.objects, "words_sealed", REPORT_WORDS, batch)


def _rotate(kept: models.Manager[Any], column: str, field: str, batch: int) -> int:
    older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
    with acting(EVERYTHING):
        stale = kept.filter(**{f"{column}__lt": older}).exclude(**{column: None})
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            setattr(row, column, seal(unseal(bytes(getattr(row, column)), field=field), field=field))
        kept.bulk_update(rows, [column])
    return len(rows)
