"""Work orders and the words of their steps."""

from django.db import models

from qingting.cases.models import Case
from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.orders.states import OrderKind, OrderState


class WorkOrder(Row):
    """A piece of work. organisation_id is where it was drafted; handler and reviewer see it by grants.

    due_at: the deadline that runs now, copied from its clock, so that a list of a million puts the late ones first.
    """

    number = models.CharField(max_length=28)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=20, choices=OrderKind)
    urgency = models.CharField(max_length=10, choices=Urgency)
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.DRAFTED)
    division = models.CharField(max_length=6)
    instructions = models.TextField()
    handler_organisation_id = models.BigIntegerField(null=True)
    reviewer_organisation_id = models.BigIntegerField(null=True)
    handler_account_id = models.BigIntegerField(null=True)
    drafted_by_account_id = models.BigIntegerField()
    drafted_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by_account_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "state", "-drafted_at"], name="orders_order_list"),
            models.Index(fields=["handler_organisation_id", "state", "due_at"], name="orders_order_handler"),
            models.Index(fields=["reviewer_organisation_id", "state", "due_at"], name="orders_order_reviewer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["province", "number"], name="orders_order_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["DRAFTED", "CANCELLED"])
                | models.Q(handler_organisation_id__isnull=False),
                name="orders_dispatched_has_handler",
            ),
        ]


class OrderNote(Row):
    """The words of one step: a return reason, progress, the result, a review."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="notes")
    act = models.CharField(max_length=20)
    text = models.TextField()
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["order", "at"], name="orders_note_in_order")]
