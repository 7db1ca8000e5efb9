"""Numbers of callers: sealed, found by a blind index, never in a log, an event or an address."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from qingting.core.crypto import blind_index, key_version, keyring, seal, unseal
from qingting.core.scope import EVERYTHING, acting
from qingting.seekers.selectors import index_of
from qingting.seekers.states import DatumKind
from qingting.telephony import rules
from qingting.telephony.models import BlockedNumber, Call, CallbackTask, OutsideCall, SipAccount
from qingting.telephony.services import announcing

SEALED = "telephony_call.number"
OWN = "telephony_sipaccount.number"


def index_of_number(number: str) -> bytes:
    """The same index as the vault's for a telephone, so that a caller is found there; b'' for a hidden number."""
    if not number:
        return b""
    return index_of(DatumKind.PHONE, number) or blind_index(number, field=SEALED)


def sealed_number(number: str) -> dict[str, Any]:
    """The columns that keep a number; all empty for a hidden one."""
    if not number:
        return {"number_sealed": None, "number_index": None, "number_tail": "", "key_version": 0}
    envelope = seal(number, field=SEALED)
    return {
        "number_sealed": envelope,
        "number_index": index_of_number(number),
        "number_tail": rules.tail(number),
        "key_version": key_version(envelope),
    }


def number_to_dial(call: Call | OutsideCall | CallbackTask) -> str:
    """The plain number, for the engine only: to be dialled and forgotten."""
    return unseal(bytes(call.number_sealed), field=SEALED) if call.number_sealed else ""


def number_of_telephone(sealed_number: bytes) -> str:
    """The plain number of a seat's own telephone, for the engine only."""
    return unseal(sealed_number, field=OWN)


@transaction.atomic
def rotate_numbers(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` numbers of older keys with the current one. Returns how many; 0 when done."""
    with acting(EVERYTHING):
        stale = Q(number_sealed__isnull=False, key_version__lt=keyring().current)
        calls = list(Call.objects.select_for_update(skip_locked=True).filter(stale)[:batch])
        blocked = list(BlockedNumber.objects.select_for_update(skip_locked=True).filter(stale)[:batch])
        for call in calls:
            _seal_anew(call)
        for block in blocked:
            _seal_anew(block)
        phones = list(SipAccount.objects.select_for_update(skip_locked=True).filter(stale)[:batch])
        for phone in phones:
            phone.number_sealed = seal(unseal(bytes(phone.number_sealed or b""), field=OWN), field=OWN)
            phone.key_version = key_version(phone.number_sealed)
        SipAccount.objects.bulk_update(phones, ["number_sealed", "key_version"])
        Call.objects.bulk_update(calls, ["number_sealed", "key_version"])
        BlockedNumber.objects.bulk_update(blocked, ["number_sealed", "key_version"])
        outside = list(OutsideCall.objects.select_for_update(skip_locked=True).filter(stale)[:batch])
        for asked in outside:
            _seal_anew(asked)
        OutsideCall.objects.bulk_update(outside, ["number_sealed", "key_version"])
        tasks = list(CallbackTask.objects.select_for_update(skip_locked=True).filter(stale)[:batch])
        for task in tasks:
            _seal_anew(task)
        CallbackTask.objects.bulk_update(tasks, ["number_sealed", "key_version"])
        announced = announcing.seal_anew(batch)
    return len(calls) + len(blocked) + len(phones) + len(outside) + len(tasks) + announced


def _seal_anew(row: Call | BlockedNumber | OutsideCall | CallbackTask) -> None:
    row.number_sealed = seal(unseal(bytes(row.number_sealed or b""), field=SEALED), field=SEALED)
    row.key_version = key_version(row.number_sealed)
