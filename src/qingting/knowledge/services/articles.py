"""An article's way: written by one, reviewed by another, told until it expires or is retired."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory.selectors import category_is_known
from qingting.knowledge import events, permissions
from qingting.knowledge.models import Article, ArticleVersion
from qingting.knowledge.services import index
from qingting.knowledge.states import MOVES, ArticleKind, Language, VersionState
from qingting.staff.services import News, notify_account, notify_holders

LONGEST_BODY = 8000
MOST_QUESTIONS, MOST_SOURCES = 30, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is written. months: after how many it has to be looked at again; language: of a new article, which keeps it."""

    title: str
    summary: str
    body: str
    questions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    months: int = 12
    language: str = Language.CHINESE


@transaction.atomic
def begin_article(*, actor: Actor, kind: str, category: str, text: Text, at: datetime) -> Article:
    """A new article with its first draft. It is told to nobody before a second person has reviewed it."""
    actor.require(permissions.WRITE, actor.organisation_id)
    if kind not in ArticleKind.values:
        raise Invalid("请选择文章还是话术。", code="knowledge.article.kind", do_next="话术只给坐席看，文章人人可看。")
    if text.language not in Language.values:
        raise Invalid("请选择语言。", code="knowledge.article.language", do_next="中文或英文。")
    if not category_is_known(category):
        raise Invalid("请选择分类。", code="knowledge.article.category", do_next="从列表里选一个最接近的。")
    article = Article.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        kind=kind,
        category=category,
        language=text.language,
        title=text.title.strip()[:60],
        created_at=at,
    )
    write_version(actor=actor, article_id=article.pk, text=text, at=at)
    return article


@transaction.atomic
def write_version(*, actor: Actor, article_id: int, text: Text, at: datetime) -> ArticleVersion:
    """Write the draft in work, or begin the next version. Refused while a version is under review."""
    article = _own(actor, article_id)
    actor.require(permissions.WRITE, article.organisation_id)
    _check(text)
    version = article.versions.filter(state__in=[VersionState.DRAFT, VersionState.IN_REVIEW]).first()
    if version is not None and version.state == VersionState.IN_REVIEW:
        raise DomainError(
            "这一版正在审核，暂时不能修改。", code="knowledge.version.in-review", do_next="请审核人先退回，再修改。"
        )
    if version is None:
        latest = article.versions.order_by("-number").values_list("number", flat=True).first() or 0
        version = ArticleVersion(
            organisation_id=article.organisation_id, province=article.province, article=article, number=latest + 1
        )
    version.title, version.summary, version.body = text.title.strip(), text.summary.strip(), text.body.strip()
    version.questions, version.sources, version.months = list(text.questions), list(text.sources), text.months
    version.written_by_account_id, version.written_at = actor.account_id, at
    version.save()
    publish(events.ArticleWritten(**version.facts()), actor=actor, at=at)
    return version


def _check(text: Text) -> None:
    wrong = {}
    if not 2 <= len(text.title.strip()) <= 60:
        wrong["title"] = "标题写2到60个字。"
    if not 2 <= len(text.summary.strip()) <= 200:
        wrong["summary"] = "一两句话说清要点，最多200字。"
    if not 20 <= len(text.body.strip()) <= LONGEST_BODY:
        wrong["body"] = f"正文写20到{LONGEST_BODY}个字。"
    if len(text.questions) > MOST_QUESTIONS or any(len(question) > 60 for question in text.questions):
        wrong["questions"] = f"最多{MOST_QUESTIONS}条，每条不超过60字。"
    if len(text.sources) > MOST_SOURCES or any(len(source) > 200 for source in text.sources):
        wrong["sources"] = f"最多{MOST_SOURCES}条，每条不超过200字。"
    if not 1 <= text.months <= 36:
        wrong["months"] = "1到36个月。"
    if wrong:
        raise Invalid("有几处需要改一下。", code="knowledge.version.invalid", do_next="按提示修改。", fields=wrong)


def _own(actor: Actor, article_id: int) -> Article:
    own = Article.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    article = own.select_for_update().filter(pk=article_id).first()
    if article is None:
        raise not_found("文章", "knowledge.article.not-found")
    return article


def _moved(version: ArticleVersion, move: str) -> ArticleVersion:
    after = MOVES.get((VersionState(version.state), move))
    if after is None or not ArticleVersion.objects.filter(pk=version.pk, state=version.state).update(state=after):
        raise DomainError(
            "这一版的状态已经变了。", code="knowledge.version.moved", do_next="请刷新页面，看看现在的情况。"
        )
    version.state = after
    return version


def _version(actor: Actor, version_id: int) -> ArticleVersion:
    own = ArticleVersion.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    version = own.select_related("article").select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise not_found("版本", "knowledge.version.not-found")
    return version


@transaction.atomic
def submit_version(*, actor: Actor, version_id: int, at: datetime) -> None:
    """Ask for a review; whoever may review in the organisation is told."""
    version = _version(actor, version_id)
    actor.require(permissions.WRITE, version.organisation_id)
    _moved(version, "submit")
    publish(events.ReviewAsked(**version.facts()), actor=actor, at=at)
    news = News(kind="knowledge.review-asked", subject=("article", version.article_id), urgency="ROUTINE")
    notify_holders(organisation_id=version.organisation_id, permission=permissions.REVIEW, news=news, at=at)


def _reviewed(actor: Actor, version_id: int) -> ArticleVersion:
    version = _version(actor, version_id)
    actor.require(permissions.REVIEW, version.organisation_id)
    if version.written_by_account_id == actor.account_id:
        raise DomainError(
            "自己写的文章要请另一位同事审核。", code="knowledge.version.own", do_next="请值班长或其他审核人来审。"
        )
    return version


@transaction.atomic
def send_back(*, actor: Actor, version_id: int, words: str, at: datetime) -> None:
    """Not yet: it becomes a draft again, with what should change."""
    version = _reviewed(actor, version_id)
    if not words.strip():
        raise Invalid("请写明要改什么。", code="knowledge.version.words", do_next="一两句话，写作的同事会看到。")
    _moved(version, "send_back")
    ArticleVersion.objects.filter(pk=version.pk).update(review_words=words.strip()[:500])
    publish(events.ArticleSentBack(**version.facts()), actor=actor, at=at)
    if version.written_by_account_id:
        news = News(kind="knowledge.sent-back", subject=("article", version.article_id), urgency="ROUTINE")
        notify_account(
            organisation_id=version.organisation_id, account_id=version.written_by_account_id, news=news, at=at
        )


@transaction.atomic
def publish_version(*, actor: Actor, version_id: int, at: datetime) -> None:
    """A second person agrees: from now on it is told, until it expires. The version before stays to be read."""
    version = _reviewed(actor, version_id)
    _moved(version, "publish")
    earlier = ArticleVersion.objects.filter(article_id=version.article_id, state=VersionState.PUBLISHED)
    earlier.exclude(pk=version.pk).update(state=VersionState.SUPERSEDED)
    ArticleVersion.objects.filter(pk=version.pk).update(reviewed_by_account_id=actor.account_id, reviewed_at=at)
    make_live(version, at)
    publish(events.ArticlePublished(**version.facts()), actor=actor, at=at)


def make_live(version: ArticleVersion, at: datetime) -> None:
    """This version is what the article says and is found by."""
    Article.objects.filter(pk=version.article_id).update(
        live_version=version, title=version.title, expires_on=expiry(version.months, at), retired_at=None
    )
    index.put([version])


def expiry(months: int, at: datetime) -> date:
    """The last day on which it is told."""
    return local(at).date() + timedelta(days=round(months * 30.44))


@transaction.atomic
def retire_article(*, actor: Actor, article_id: int, at: datetime) -> None:
    """It is told no more; its versions stay."""
    article = _own(actor, article_id)
    actor.require(permissions.REVIEW, article.organisation_id)
    Article.objects.filter(pk=article.pk).update(retired_at=at)
    index.drop([article.pk])
    number = article.live_version.number if article.live_version else 0
    event = events.ArticleRetired(
        organisation_id=article.organisation_id, province=article.province, article_id=article.pk, number=number
    )
    publish(event, actor=actor, at=at)


@transaction.atomic
def expire_articles(*, at: datetime) -> int:
    """What ran out is found no more and its writers are asked to look again. Returns how many; each is told once."""
    with acting(EVERYTHING):
        past = Article.objects.filter(expires_on__lt=local(at).date(), retired_at=None, live_version__isnull=False)
        due = list(past.exclude(organisation_id=0).select_related("live_version").select_for_update(of=("self",)))
        for article in due:
            index.drop([article.pk])
            Article.objects.filter(pk=article.pk).update(retired_at=at)
            version = article.live_version
            assert version is not None  # noqa: S101  (the filter says so)
            system = system_for(article.organisation_id, article.province)
            publish(events.ArticleExpired(**version.facts()), actor=system, at=at)
            news = News(kind="knowledge.expired", subject=("article", article.pk), urgency="ROUTINE")
            notify_holders(organisation_id=article.organisation_id, permission=permissions.WRITE, news=news, at=at)
    return len(due)
