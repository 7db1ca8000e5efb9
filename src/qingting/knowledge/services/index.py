"""The index of what is told: rewritten in the same transaction in which an article is published or retired."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from qingting.knowledge import rules
from qingting.knowledge.models import ArticleVersion, Posting


def words_of(version: ArticleVersion) -> rules.Words:
    """What of a version is looked up."""
    return rules.Words(version.title, version.summary, tuple(version.questions), version.body, version.article.language)


_PUT = """INSERT INTO knowledge_posting (gram, article_id, owner_id, language, weight, length)
SELECT left(gram, 40), %s, %s, %s, weight, %s FROM unnest(%s::text[], %s::float8[]) AS held (gram, weight)
ON CONFLICT (gram, article_id) DO NOTHING"""
LENGTH_ALONE = (
    ""  # the gram of the row that says no more than how long an article is: one for each, so that they are counted fast
)


def put(versions: Sequence[ArticleVersion]) -> None:
    """Make these versions the ones that are found."""
    drop([version.article_id for version in versions])
    with connection.cursor() as cursor:
        for version in versions:
            words = words_of(version)
            weights = rules.weighed(words)
            held: list[list[Any]] = [[LENGTH_ALONE, *weights], [0.0, *weights.values()]]
            whose: list[Any] = [version.article_id, version.organisation_id, words.language]
            cursor.execute(_PUT, [*whose, sum(weights.values()), *held])


def drop(article_ids: Sequence[int]) -> None:
    """These articles are found no more."""
    Posting.objects.filter(article_id__in=article_ids).delete()
