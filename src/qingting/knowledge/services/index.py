"""The index of what is told: rewritten in the same transaction in which an article is published or retired."""

from collections.abc import Sequence

from qingting.knowledge import rules
from qingting.knowledge.models import ArticleVersion, Posting


def words_of(version: ArticleVersion) -> rules.Words:
    """What of a version is looked up."""
    return rules.Words(version.title, version.summary, tuple(version.questions), version.body)


def put(versions: Sequence[ArticleVersion]) -> None:
    """Make these versions the ones that are found."""
    drop([version.article_id for version in versions])
    rows = [
        Posting(
            gram=entry.gram[:40],
            article_id=version.article_id,
            owner_id=version.organisation_id,
            weight=entry.weight,
            length=entry.length,
        )
        for version in versions
        for entry in rules.entries_of(version.article_id, words_of(version))
    ]
    Posting.objects.bulk_create(rows, batch_size=5000)


def drop(article_ids: Sequence[int]) -> None:
    """These articles are found no more."""
    Posting.objects.filter(article_id__in=article_ids).delete()
