"""Desks, links, messages, handoffs and the words of their steps. What a message says of a person stands sealed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.cases.models import Case
from qingting.core.models import Row
from qingting.directory.states import Direction, ItemClass, LinkMode, Urgency
from qingting.linkage.states import (
    OPEN,
    Basis,
    HandoffState,
    LinkState,
    Manner,
    MessageState,
    NoteKind,
    Outcome,
    ReportState,
    ReportWay,
    Way,
)


class Desk(Row):
    """Another desk. organisation_id is our station that answers to it; partner_id the organisation that runs it.

    Whatever the manner, messages are those of the protocol: what a page or a letter brings back is written as the desk's own
    message and judged by the same rules.

    code: its id on the wire; public_keys: [{keyId, alg, publicKey, notBefore?, notAfter?}]; key_file: a published
    key set to follow instead (demonstrations), read again whenever it changes; phone: what people dial when the line
    is down; pull_cursor: how far we have read what it has for us; regions: for another 12355 installation, whose the league's
    organisations in it are (GB/T 2260; 100000 the national desk), for cross-province chains.
    """

    code = models.CharField(max_length=63, unique=True)
    manner = models.CharField(max_length=6, choices=Manner, default=Manner.WIRE)
    partner_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    regions = ArrayField(models.CharField(max_length=6), default=list)
    url = models.CharField(max_length=200)
    phone = models.CharField(max_length=30)
    public_keys = models.JSONField(default=list)
    key_file = models.CharField(max_length=300, blank=True)
    paused = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.UNKNOWN)
    state_since = models.DateTimeField()
    why = models.CharField(max_length=40, blank=True)
    last_answer_at = models.DateTimeField(null=True)
    last_checked_at = models.DateTimeField(null=True)
    pull_cursor = models.CharField(max_length=64, blank=True)


class DeskLink(Row):
    """One matter between two desks as the protocol sees it: `deskwire.lifecycle.Link`, stored."""

    link_id = models.UUIDField(unique=True)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    requester = models.CharField(max_length=63, blank=True)
    half = models.CharField(max_length=12)
    cancelled = models.BooleanField(default=False)
    drill = models.BooleanField(default=False)
    last_sent = models.IntegerField(default=0)
    last_received = models.IntegerField(default=0)


class DeskMessage(Row):
    """One message, out or in, kept as it stood on the wire and sealed.

    Outgoing: next_attempt_at also serves as the lease of whoever is sending it. Its place for the other desk's poller
    is (txid, id), which only moves over transactions that are settled; `txid` is filled by the database.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    link_id = models.UUIDField()
    way = models.CharField(max_length=3, choices=Way)
    seq = models.IntegerField()
    message_id = models.UUIDField()
    type = models.CharField(max_length=20)
    digest = models.CharField(max_length=80)
    document_sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=MessageState)
    answered = models.CharField(max_length=10, blank=True)
    stored_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="linkage_message_due",
                condition=models.Q(way="OUT", state="WAITING"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["desk", "way", "message_id"], name="linkage_message_once"),
            models.UniqueConstraint(fields=["link_id", "way", "seq"], name="linkage_message_place_once"),
        ]


class SeenNonce(models.Model):
    """A signature's nonce, good once."""

    pk = models.CompositePrimaryKey("desk", "nonce")
    desk = models.CharField(max_length=63)
    nonce = models.CharField(max_length=64)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="linkage_nonce_until")]


class Handoff(Row):
    """A matter handed to another desk, or by it to us. Every `…_at` is when the step was known here.

    referral_kind: outside the list, a code of `referral_kinds`; raised_from: the handoff that nobody took in time, so that
    this one went to the next higher desk; officers_reached: whether officers have seen the person themselves; None while nobody has said.
    """

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="handoffs")
    order_id = models.BigIntegerField(null=True)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="handoffs")
    link_id = models.UUIDField(unique=True)
    message_id = models.UUIDField()
    direction = models.CharField(max_length=12, choices=Direction)
    list_version = models.CharField(max_length=40, blank=True)
    item_number = models.SmallIntegerField(null=True)
    item_class = models.CharField(max_length=20, choices=ItemClass, blank=True)
    item_text = models.CharField(max_length=200, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency)
    link_mode = models.CharField(max_length=30, choices=LinkMode, blank=True)
    referral_kind = models.CharField(max_length=40, blank=True)
    raised_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="raised")
    state = models.CharField(max_length=14, choices=HandoffState)
    drill = models.BooleanField(default=False)
    incident_number = models.CharField(max_length=40, blank=True)
    officers_reached = models.BooleanField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    basis = models.CharField(max_length=20, choices=Basis)
    retain_until = models.DateField()
    reply_by = models.DateTimeField()
    opened_by_account_id = models.BigIntegerField(null=True)
    taken_by_account_id = models.BigIntegerField(null=True)
    confirmed_by_account_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="linkage_handoff_case"),
            models.Index(fields=["organisation_id", "direction", "-opened_at"], name="linkage_handoff_list"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "item_number"],
                condition=models.Q(direction="TO_POLICE", state__in=sorted(OPEN), raised_from=None),
                name="linkage_one_open_handoff_per_item",
            ),
            models.UniqueConstraint(
                fields=["case", "desk", "referral_kind"],
                condition=models.Q(direction="TO_POLICE", state__in=sorted(OPEN)) & ~models.Q(referral_kind=""),
                name="linkage_one_open_referral_per_kind",
            ),
            models.UniqueConstraint(fields=["raised_from", "desk"], name="linkage_raised_once"),
            models.CheckConstraint(
                condition=models.Q(direction="FROM_POLICE") | models.Q(case__isnull=False),
                name="linkage_outward_has_case",
            ),
        ]


class HandoffNote(Row):
    """The words of one step, sealed: what we added, what the other desk reported."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="notes")
    case_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=NoteKind)
    code = models.CharField(max_length=20, blank=True)
    words_sealed = models.BinaryField(null=True)
    ours = models.BooleanField()
    account_id = models.BigIntegerField(null=True)
    operator = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class MandatoryReport(Row):
    """A report the law asks for. item_number: 4 to 12 of the list with 110; words: how it was made, or why not, sealed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mandatory_reports")
    item_number = models.SmallIntegerField()
    state = models.CharField(max_length=8, choices=ReportState)
    way = models.CharField(max_length=10, choices=ReportWay, blank=True)
    handoff = models.ForeignKey(Handoff, null=True, on_delete=models.PROTECT)
    words_sealed = models.BinaryField(null=True)
    reported_by_account_id = models.BigIntegerField(null=True)
    drafted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state", "due_at"], name="linkage_report_list")]
        constraints = [models.UniqueConstraint(fields=["case", "item_number"], name="linkage_report_once")]
