"""Articles with their versions, the index they are found by, resources, and what use they are. Nothing about a seeker.

organisation_id 0 is the content that the product comes with: everybody's, until an organisation writes its own.
"""

from typing import TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.models import Row
from qingting.knowledge.states import ArticleKind, Language, Place, ResourceKind, VersionState


class VersionFacts(TypedDict):
    """The fields that all article events share."""

    organisation_id: int
    province: str
    article_id: int
    number: int


class Article(Row):
    """One article or script. Its words stand in versions; `live_version` is the one that is told, None until one is."""

    code = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=ArticleKind, default=ArticleKind.ARTICLE)
    category = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=Language, default=Language.CHINESE)
    live_version = models.ForeignKey("ArticleVersion", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=60)
    expires_on = models.DateField(null=True)
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "category"], name="knowledge_article_shelf"),
            models.Index(fields=["expires_on"], name="knowledge_article_expiry", condition=models.Q(retired_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "code"], condition=~models.Q(code=""), name="knowledge_article_code_once"
            )
        ]


class ArticleVersion(Row):
    """What an article says, or may say. Who reviews is never who wrote; a published version is never changed."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.DRAFT)
    title = models.CharField(max_length=60)
    summary = models.CharField(max_length=200)
    body = models.TextField()
    questions = ArrayField(models.CharField(max_length=60), default=list)
    sources = ArrayField(models.CharField(max_length=200), default=list)
    months = models.SmallIntegerField(default=12)
    written_by_account_id = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()
    reviewed_by_account_id = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="knowledge_version_number_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(state__in=["DRAFT", "IN_REVIEW"]),
                name="knowledge_one_version_in_work",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by_account_id=None)
                | models.Q(written_by_account_id=None)
                | ~models.Q(reviewed_by_account_id=models.F("written_by_account_id")),
                name="knowledge_two_people",
            ),
        ]

    def facts(self) -> VersionFacts:
        """What every event about this version says."""
        return {
            "organisation_id": self.organisation_id,
            "province": self.province,
            "article_id": self.article_id,
            "number": self.number,
        }


class Posting(models.Model):
    """One gram of one live article. Public words only, so it stands outside the wall and its index is used as it is."""

    pk = models.CompositePrimaryKey("gram", "article_id")
    gram = models.CharField(max_length=40)
    article_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    language = models.CharField(max_length=2, default=Language.CHINESE, db_default=Language.CHINESE)
    weight = models.FloatField()
    length = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["article_id"], name="knowledge_posting_article")]


class Resource(Row):
    """A line, hospital, agency: where it is and when it is open. Shown once a second person has confirmed it."""

    code = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=ResourceKind)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    division = models.CharField(max_length=6, blank=True)
    about = models.CharField(max_length=300, blank=True)
    hours = models.JSONField(default=list)
    categories = ArrayField(models.CharField(max_length=40), default=list)
    source = models.CharField(max_length=200, blank=True)
    entered_by_account_id = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    confirmed_by_account_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "kind"], name="knowledge_resource_shelf")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "code"], condition=~models.Q(code=""), name="knowledge_resource_code_once"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by_account_id=None)
                | models.Q(entered_by_account_id=None)
                | ~models.Q(confirmed_by_account_id=models.F("entered_by_account_id")),
                name="knowledge_resource_two_people",
            ),
        ]


class ResourceImport(Row):
    """A table of lines and places that somebody brought in. lines: as in `sheet`; written: what was done, and how to take it back:
    `[{"line", "resource_id", "before": fields and marks, or null for a new one}]`. Nothing is written before `written_at`."""

    file_name = models.CharField(max_length=100, blank=True)
    lines = models.JSONField()
    written = models.JSONField(default=list)
    account_id = models.BigIntegerField()
    brought_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    left_alone = models.IntegerField(default=0)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-brought_at"], name="knowledge_import_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at=None) | models.Q(written_at__isnull=False),
                name="knowledge_import_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(dropped_at=None) | models.Q(written_at=None), name="knowledge_import_one_end"
            ),
        ]


class Use(models.Model):
    """How often an article was read on one day in one place, and how often somebody said whether it helped."""

    pk = models.CompositePrimaryKey("article_id", "day", "place")
    article_id = models.BigIntegerField()
    day = models.DateField()
    place = models.CharField(max_length=10, choices=Place)
    reads = models.IntegerField(default=0)
    helped = models.IntegerField(default=0)
    helped_not = models.IntegerField(default=0)


class Comment(Row):
    """What a colleague says should be better about an article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    account_id = models.BigIntegerField()
    words = models.CharField(max_length=500)
    said_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
