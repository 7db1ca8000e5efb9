"""What the product comes with, from the data files to the database: loaded again only where a file has changed."""

from datetime import datetime

from django.db import transaction

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
        changed = [seed for seed in seeds.articles() if not _is_stored(seed, stored.get(seed.code))]
        index.put([_put_article(seed, stored.get(seed.code), at) for seed in changed])
        lines = sum(_put_resource(seed, at) for seed in seeds.resources())
        total = len(changed) + lines
        if total:
            publish(KnowledgeLoaded(organisation_id=0, province="", changed=total), actor=SYSTEM, at=at)
    return total


def _is_stored(seed: seeds.SeedArticle, article: Article | None) -> bool:
    if article is None or article.live_version is None:
        return False
    version = article.live_version
    same_words = (version.title, version.summary, version.body) == (seed.title, seed.summary, seed.body)
    same_finding = (tuple(version.questions), tuple(version.sources)) == (seed.questions, seed.sources)
    return same_words and same_finding and (article.category, article.kind) == (seed.category, seed.kind)


def _put_article(seed: seeds.SeedArticle, article: Article | None, at: datetime) -> ArticleVersion:
    article = article or Article(organisation_id=EVERYBODYS, province="", code=seed.code, created_at=at)
    article.kind, article.category, article.title = seed.kind, seed.category, seed.title
    article.expires_on, article.retired_at = expiry(seed.months, at), None
    article.save()
    latest = article.versions.order_by("-number").values_list("number", flat=True).first() or 0
    article.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.SUPERSEDED)
    version = ArticleVersion.objects.create(
        organisation_id=EVERYBODYS,
        province="",
        article=article,
        number=latest + 1,
        state=VersionState.PUBLISHED,
        title=seed.title,
        summary=seed.summary,
        body=seed.body,
        questions=list(seed.questions),
        sources=list(seed.sources),
        months=seed.months,
        written_at=at,
        reviewed_at=at,
    )
    Article.objects.filter(pk=article.pk).update(live_version=version)
    return version


def _put_resource(seed: seeds.SeedResource, at: datetime) -> int:
    fields = {
        "kind": seed.kind,
        "name": seed.name,
        "phone": seed.phone,
        "about": seed.about,
        "hours": list(seed.hours),
        "categories": list(seed.categories),
        "source": seed.source,
    }
    row = Resource.objects.filter(organisation_id=EVERYBODYS, code=seed.code).first()
    if row is not None and all(getattr(row, name) == value for name, value in fields.items()):
        return 0
    row = row or Resource(organisation_id=EVERYBODYS, province="", code=seed.code)
    for name, value in fields.items():
        setattr(row, name, value)
    row.entered_at, row.confirmed_at, row.retired_at = at, at, None
    row.save()
    return 1
