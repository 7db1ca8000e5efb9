"""What the product comes with, from the data files to the database: loaded again only where a file has changed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from qingting.core.actors import SYSTEM
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.knowledge import seeds
from qingting.knowledge.events import KnowledgeLoaded
from qingting.knowledge.models import Article, ArticleVersion, Resource
from qingting.knowledge.selectors import EVERYBODYS
from qingting.knowledge.services import index
from qingting.knowledge.services.articles import expiry
from qingting.knowledge.states import VersionState


@transaction.atomic
def load_seeds(*, at: datetime) -> int:
    """Bring the product's articles and lines up to the data files. Returns how many changed: again, none does."""
    with acting(EVERYTHING):
        stored = {
            article.code: article
            for article in Article.objects.filter(organisation_id=EVERYBODYS).select_related("live_version")
        }
        changed = [
            seed for seed in (*seeds.articles(), *seeds.english()) if not _is_stored(seed, stored.get(seed.code))
        ]
        articles = _put_articles(changed, stored, at)
        index.put(_put_versions(changed, articles, at))
        lines = _put_resources(at)
        total = len(changed) + lines
        if total:
            publish(KnowledgeLoaded(organisation_id=0, province="", changed=total), actor=SYSTEM, at=at)
    return total


def _is_stored(seed: seeds.SeedArticle, article: Article | None) -> bool:
    if article is None or article.live_version is None:
        return False
    version = article.live_version
    same_words = (version.title, version.summary, version.body) == (seed.title, seed.summary, seed.body)
    same_finding = (tuple(version.questions), tuple(version.sources)) == (seed.asked, seed.sources)
    return same_words and same_finding and (article.category, article.kind) == (seed.category, seed.kind)


def _put_articles(changed: list[seeds.SeedArticle], stored: dict[str, Article], at: datetime) -> list[Article]:
    """The articles of the changed texts, in their order; those that are new have no version yet."""
    fresh = {
        seed.code: Article(
            organisation_id=EVERYBODYS,
            province="",
            code=seed.code,
            kind=seed.kind,
            category=seed.category,
            language=seed.language,
            title=seed.title,
            created_at=at,
        )
        for seed in changed
        if seed.code not in stored
    }
    Article.objects.bulk_create(fresh.values())
    return [stored.get(seed.code) or fresh[seed.code] for seed in changed]


def _put_versions(changed: list[seeds.SeedArticle], articles: list[Article], at: datetime) -> list[ArticleVersion]:
    """A published version of each, in force instead of the one before."""
    earlier = ArticleVersion.objects.filter(article__in=articles)
    latest = dict(earlier.values_list("article_id").annotate(Max("number")))
    earlier.filter(state=VersionState.PUBLISHED).update(state=VersionState.SUPERSEDED)
    pairs = list(zip(changed, articles, strict=True))
    versions = ArticleVersion.objects.bulk_create(
        _version(seed, article, latest.get(article.pk, 0) + 1, at) for seed, article in pairs
    )
    for (seed, article), version in zip(pairs, versions, strict=True):
        article.kind, article.category, article.title = seed.kind, seed.category, seed.title
        article.expires_on, article.retired_at = expiry(seed.months, at), None
        article.live_version = version
    told = ["kind", "category", "title", "expires_on", "retired_at", "live_version"]
    Article.objects.bulk_update(articles, told)
    return versions


def _version(seed: seeds.SeedArticle, article: Article, number: int, at: datetime) -> ArticleVersion:
    return ArticleVersion(
        organisation_id=EVERYBODYS,
        province="",
        article=article,
        number=number,
        state=VersionState.PUBLISHED,
        title=seed.title,
        summary=seed.summary,
        body=seed.body,
        questions=list(seed.asked),
        sources=list(seed.sources),
        months=seed.months,
        written_at=at,
        reviewed_at=at,
    )


def _put_resources(at: datetime) -> int:
    """The lines of the data files that are new or changed; returns how many."""
    stored = {row.code: row for row in Resource.objects.filter(organisation_id=EVERYBODYS)}
    fresh, changed = [], []
    for seed in seeds.resources():
        row = stored.get(seed.code)
        if row is None:
            fresh.append(_told(Resource(organisation_id=EVERYBODYS, province="", code=seed.code), seed, at))
        elif any(getattr(row, name) != value for name, value in _fields(seed).items()):
            changed.append(_told(row, seed, at))
    Resource.objects.bulk_create(fresh)
    Resource.objects.bulk_update(changed, _TOLD)
    return len(fresh) + len(changed)


def _fields(seed: seeds.SeedResource) -> dict[str, object]:
    return {
        "kind": seed.kind,
        "name": seed.name,
        "phone": seed.phone,
        "about": seed.about,
        "hours": list(seed.hours),
        "categories": list(seed.categories),
        "source": seed.source,
    }


_TOLD = ["kind", "name", "phone", "about", "hours", "categories", "source", "entered_at", "confirmed_at", "retired_at"]


def _told(row: Resource, seed: seeds.SeedResource, at: datetime) -> Resource:
    for name, value in _fields(seed).items():
        setattr(row, name, value)
    row.entered_at, row.confirmed_at, row.retired_at = at, at, None
    return row
