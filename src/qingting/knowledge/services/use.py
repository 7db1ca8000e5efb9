"""What use the articles are: counted by day and place, never by person; and what colleagues say of them."""

from datetime import datetime

from django.db import connection, transaction

from qingting.core.actors import Actor
from qingting.core.errors import Invalid, not_found
from qingting.core.time import local
from qingting.knowledge import permissions, selectors
from qingting.knowledge.models import Comment

_COUNT = """INSERT INTO knowledge_use (article_id, day, place, reads, helped, helped_not)
VALUES (%(article_id)s, %(day)s, %(place)s, %(reads)s, %(helped)s, %(helped_not)s)
ON CONFLICT (article_id, day, place) DO UPDATE SET reads = knowledge_use.reads + excluded.reads,
  helped = knowledge_use.helped + excluded.helped, helped_not = knowledge_use.helped_not + excluded.helped_not"""


def _count(article_id: int, place: str, at: datetime, **counts: int) -> None:
    values = {"reads": 0, "helped": 0, "helped_not": 0, **counts}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"article_id": article_id, "place": place, "day": local(at).date(), **values})


@transaction.atomic
def note_read(*, article_id: int, place: str, at: datetime) -> None:
    """Somebody has read it there."""
    _count(article_id, place, at, reads=1)


@transaction.atomic
def note_feedback(*, article_id: int, place: str, helped: bool, at: datetime) -> None:
    """Somebody says whether it helped."""
    _count(article_id, place, at, **{"helped" if helped else "helped_not": 1})


@transaction.atomic
def comment_on(*, actor: Actor, article_id: int, words: str, at: datetime) -> Comment:
    """A colleague says what should be better."""
    article = selectors.article_for(actor, article_id)
    if not words.strip():
        raise Invalid("还没有写内容。", code="knowledge.comment.empty", do_next="写一句哪里需要改。")
    return Comment.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        article=article,
        account_id=actor.account_id,
        words=words.strip()[:500],
        said_at=at,
    )


@transaction.atomic
def settle_comment(*, actor: Actor, comment_id: int, at: datetime) -> int:
    """It has been seen to. Returns the article's id."""
    actor.require(permissions.WRITE)
    comment = Comment.objects.filter(organisation_id__in=sorted(actor.scope.organisations), pk=comment_id).first()
    if comment is None:
        raise not_found("意见", "knowledge.comment.not-found")
    Comment.objects.filter(pk=comment.pk).update(settled_at=at)
    return comment.article_id
