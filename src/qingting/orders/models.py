"""Work orders and the words of their steps."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from qingting.cases.models import Case
from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.orders.states import (
    AskKind,
    AskState,
    BulkAct,
    BulkState,
    CatalogueState,
    HandlerRule,
    ItemState,
    OrderKind,
    OrderState,
)


class WorkOrder(Row):
    """A piece of work. organisation_id is where it was drafted; handler and reviewer see it by grants.

    due_at: the deadline that runs now, copied from its clock, so that a list of a million puts the late ones first;
    firm: an objection was ruled upon, it may not be returned any more; parent: the order this is a part of;
    accept_minutes, work_minutes, working_time: deadlines by the dispatch catalogue, null for those of the organisation;
    split_from: the order it was taken out of; merged_into: the order that is worked in its place.
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
    firm = models.BooleanField(default=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="sub_orders")
    split_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="split_off")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    reminded_at = models.DateTimeField(null=True)
    reminders = models.SmallIntegerField(default=0)
    accept_minutes = models.IntegerField(null=True)
    work_minutes = models.IntegerField(null=True)
    working_time = models.BooleanField(default=False)
    supervised_at = models.DateTimeField(null=True)
    supervised_by_organisation_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["supervised_at"],
                name="orders_order_supervised",
                condition=models.Q(supervised_at__isnull=False),
            ),
            models.Index(fields=["organisation_id", "state", "-drafted_at"], name="orders_order_list"),
            models.Index(fields=["handler_organisation_id", "state", "due_at"], name="orders_order_handler"),
            models.Index(fields=["reviewer_organisation_id", "state", "due_at"], name="orders_order_reviewer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["province", "number"], name="orders_order_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["DRAFTED", "CANCELLED", "MERGED"])
                | models.Q(handler_organisation_id__isnull=False),
                name="orders_dispatched_has_handler",
            ),
            models.CheckConstraint(
                condition=models.Q(state="MERGED") ^ models.Q(merged_into__isnull=True), name="orders_merged_says_into"
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")) & ~models.Q(parent=models.F("id")),
                name="orders_not_its_own_parent",
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


class CoHandler(Row):
    """An organisation that helps with an order (协办). removed_at: it was let go; done_at: it has done its part."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="co_handlers")
    helper_organisation_id = models.BigIntegerField()
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["helper_organisation_id"], name="orders_co_handler_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "helper_organisation_id"],
                condition=models.Q(removed_at=None),
                name="orders_co_handler_once",
            )
        ]


class OrderAsk(Row):
    """What a handler asks the reviewer for: more time (hours), or to let the clocks stand still (days)."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=10, choices=AskKind)
    state = models.CharField(max_length=10, choices=AskState, default=AskState.OPEN)
    amount = models.SmallIntegerField()
    asked_by_account_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    answered_by_account_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=models.Q(state="OPEN"), name="orders_one_open_ask"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="orders_ask_amount_positive"),
        ]


class OrderSearch(models.Model):
    """What an order is found by: keyed digests of its words, numbers, codes, and of the organisations above its parties.

    It stands outside the wall, because operators on arrays can't use an index behind it; it holds no word and no name, and
    what it finds is read through the wall. Kept up from the journal by `services.indexing`, and rebuilt from nothing.
    """

    order = models.OneToOneField(WorkOrder, on_delete=models.CASCADE, primary_key=True, related_name="+")
    drafted_at = models.DateTimeField()
    tokens = ArrayField(models.IntegerField())

    class Meta:
        # No index by date: the planner, which estimates arrays badly, would walk all orders along it.
        indexes = [GinIndex(fields=["tokens"], name="orders_search_tokens", opclasses=["array_ops"])]


class SearchMark(models.Model):
    """How far the search has read the journal; one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    txid = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)


class SavedView(Row):
    """A search somebody keeps. What is asked may name a person, so it is sealed."""

    account_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    asked_sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "name"], name="orders_view_name_once")]


class Catalogue(Row):
    """A dispatch catalogue (派单目录) of an organisation and those below it. Of the active ones the latest that has begun
    counts, so that a new one can be made ready and takes over at its date."""

    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=CatalogueState, default=CatalogueState.DRAFT)
    active_from = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by_account_id = models.BigIntegerField()
    activated_by_account_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state", "-active_from"], name="orders_catalogue_current")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="DRAFT") ^ models.Q(active_from__isnull=False), name="orders_catalogue_begins"
            )
        ]


class CatalogueLine(Row):
    """One line: what it fits (empty fits everything), who handles, and within how many minutes (null: as usual)."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="lines")
    position = models.SmallIntegerField()
    category = models.CharField(max_length=40, blank=True)
    division = models.CharField(max_length=6, blank=True)
    kind = models.CharField(max_length=20, choices=OrderKind, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, blank=True)
    rule = models.CharField(max_length=10, choices=HandlerRule)
    handler_organisation_id = models.BigIntegerField(null=True)
    accept_minutes = models.IntegerField(null=True)
    work_minutes = models.IntegerField(null=True)
    working_time = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "position"], name="orders_line_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=models.Q(rule="FIXED") ^ models.Q(handler_organisation_id=None),
                name="orders_line_names_handler",
            ),
        ]


class Bulk(Row):
    """Work on many orders at once, as a plan that is looked at before it runs. organisation_id: for whom somebody acts;
    handler_organisation_id, account_id, target_number: what the act takes, where it takes it."""

    act = models.CharField(max_length=10, choices=BulkAct)
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.PREVIEW)
    words = models.TextField(blank=True)
    handler_organisation_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    target_number = models.CharField(max_length=28, blank=True)
    planned_by_account_id = models.BigIntegerField()
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["planned_at"], name="orders_bulk_at_work", condition=models.Q(state__in=["RUNNING", "UNDOING"])
            )
        ]


class BulkItem(Row):
    """One order of the plan: what came of it. former_organisation_id, former_account_id: whose it was, for undoing."""

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="items")
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    former_organisation_id = models.BigIntegerField(null=True)
    former_account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "order"], name="orders_bulk_order_once")]
