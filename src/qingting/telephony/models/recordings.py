"""What was recorded of a call."""

from django.db import models

from qingting.core.models import Row
from qingting.telephony.models.calls import Call
from qingting.telephony.states import (
    RecordingKind,
)


class Recording(Row):
    """One voice of a call, or a message. The sound lies encrypted in a file; its key is sealed here.

    channel, account_id, began_at: whose voice and from when, of whoever the controller recorded; '' and None for the caller's
    side of a call that came in, which began with the answer, and for a message. whispered: only the seat heard it.
    peaks: how loud it is from beginning to end, a byte each, for the drawing beside the player. delete_after: when it goes by rule; a legal hold keeps it. deleted_at: the file is gone, the row says that it was.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="recordings")
    kind = models.CharField(max_length=12, choices=RecordingKind)
    channel = models.CharField(max_length=80, blank=True, default="")
    account_id = models.BigIntegerField(null=True)
    began_at = models.DateTimeField(null=True)
    whispered = models.BooleanField(default=False)
    key_sealed = models.BinaryField()
    key_version = models.IntegerField()
    seconds = models.IntegerField()
    peaks = models.BinaryField(default=bytes)
    recorded_at = models.DateTimeField()
    delete_after = models.DateTimeField()
    legal_hold = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["delete_after"], name="telephony_recording_due", condition=models.Q(deleted_at=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "kind"], condition=models.Q(began_at=None), name="telephony_recording_once"
            ),
            models.UniqueConstraint(
                fields=["call", "channel", "began_at"],
                condition=models.Q(began_at__isnull=False),
                name="telephony_voice_once",
            ),
        ]
