"""Conferences, who sits at the table, what was decided, and the words of each step, sealed."""

from django.db import models

from qingting.cases.models import Case
from qingting.conferences.states import (
    ConferenceState,
    DecisionState,
    DecisionWay,
    Invited,
    NoteKind,
    SeatState,
)
from qingting.core.models import Row
from qingting.linkage.models import Handoff
from qingting.linkage.states import Basis
from qingting.orders.models import WorkOrder


class CaseConference(Row):
    """A conference over one case. organisation_id called it; guests see it by grants that end with it.

    topic: what it is about, without any word that tells who the person is; basis: on which the guests are told.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="conferences")
    kind = models.CharField(max_length=20)
    topic = models.CharField(max_length=60)
    basis = models.CharField(max_length=20, choices=Basis)
    state = models.CharField(max_length=10, choices=ConferenceState, default=ConferenceState.CALLED)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=100)
    called_by_account_id = models.BigIntegerField()
    called_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "state", "starts_at"], name="conferences_list"),
            models.Index(fields=["case"], name="conferences_of_case"),
        ]


class ConferenceSeat(Row):
    """One organisation at the table. attended: None until the minutes say; attendees: who came for it."""

    conference = models.ForeignKey(CaseConference, on_delete=models.PROTECT, related_name="seats")
    guest_organisation_id = models.BigIntegerField()
    invited = models.CharField(max_length=6, choices=Invited)
    state = models.CharField(max_length=12, choices=SeatState, default=SeatState.INVITED)
    invited_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    attended = models.BooleanField(null=True)
    attendees = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["guest_organisation_id"], name="conferences_seat_of")]
        constraints = [
            models.UniqueConstraint(fields=["conference", "guest_organisation_id"], name="conferences_seat_once")
        ]


class ConferenceDecision(Row):
    """One decision: an order or a referral, with the person who answers for it and the moment by which it is done."""

    conference = models.ForeignKey(CaseConference, on_delete=models.PROTECT, related_name="decisions")
    number = models.SmallIntegerField()
    way = models.CharField(max_length=10, choices=DecisionWay)
    order = models.ForeignKey(WorkOrder, null=True, on_delete=models.PROTECT)
    handoff = models.ForeignKey(Handoff, null=True, on_delete=models.PROTECT)
    responsible_organisation_id = models.BigIntegerField()
    person = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.RUNNING)
    decided_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="conferences_decision_number"),
            models.CheckConstraint(
                condition=models.Q(way=DecisionWay.ORDER, order__isnull=False, handoff__isnull=True)
                | models.Q(way=DecisionWay.REFERRAL, order__isnull=True, handoff__isnull=False),
                name="conferences_decision_is_work",
            ),
        ]


class ConferenceNote(Row):
    """The words of one step, sealed. decision: where they are about one; seat: whose reply they are."""

    conference = models.ForeignKey(CaseConference, on_delete=models.PROTECT, related_name="notes")
    decision = models.ForeignKey(ConferenceDecision, null=True, on_delete=models.PROTECT, related_name="notes")
    seat = models.ForeignKey(ConferenceSeat, null=True, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12, choices=NoteKind)
    words_sealed = models.BinaryField()
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
