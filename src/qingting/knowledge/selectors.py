"""Reading what is known: what is published and in date for everybody, drafts for the organisation that writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.time import local
from qingting.directory.models import CaseCategory, Division, Organisation
from qingting.directory.rules import division_line
from qingting.directory.selectors import ancestors, categories
from qingting.knowledge import english, permissions, rules
from qingting.knowledge.models import Article, ArticleVersion, Comment, Resource, ResourceImport, Use
from qingting.knowledge.prior import prior
from qingting.knowledge.states import ArticleKind, VersionState

EVERYBODYS = 0
MOST = 20
LOOK_AGAIN = timedelta(days=30)  # so long before a resource runs out a colleague is asked to look at it again


def shelves(organisation_id: int) -> list[int]:
    """Whose content a station's people read: their own, that of those above, and what the product comes with."""
    return [EVERYBODYS, *(ancestors(organisation_id) if organisation_id else [])]


def live(organisation_id: int, *, on: date, scripts: bool = False) -> QuerySet[Article]:
    """Published and in date, in any language. An organisation's own article of the same code stands in for the product's."""
    kinds = [ArticleKind.ARTICLE, ArticleKind.SCRIPT] if scripts else [ArticleKind.ARTICLE]
    told = Article.objects.filter(organisation_id__in=shelves(organisation_id), kind__in=kinds, retired_at=None)
    told = told.filter(live_version__isnull=False, expires_on__gte=on).select_related("live_version")
    replaced = Article.objects.filter(
        organisation_id__in=shelves(organisation_id)[1:], live_version__isnull=False, retired_at=None
    ).exclude(code="")
    return told.exclude(organisation_id=EVERYBODYS, code__in=replaced.values("code"))


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found, how well it fits, whether it may be given as an answer, and whether it may be told alone."""

    article: Article
    strength: float
    known: bool
    clear: bool = False


# `rules.ranked` in PostgreSQL, so that not every posting of a common character has to travel. A test holds both to one order.
_RANKED = """WITH held AS MATERIALIZED (
  SELECT article_id, gram, weight, length FROM knowledge_posting WHERE gram = ANY(%(grams)s)
    AND owner_id = ANY(%(owners)s) AND language = %(language)s
), worth AS (
  SELECT gram, CASE WHEN gram = ANY(%(lone)s) THEN %(less)s::float8 ELSE 1 END
    * ln(1 + (%(articles)s - count(*) + 0.5::float8) / (count(*) + 0.5::float8)) AS worth
  FROM held GROUP BY gram
)
SELECT article_id, sum(
  worth * weight * (%(k1)s::float8 + 1) / (weight + %(k1)s::float8 * (1 - %(b)s::float8 + %(b)s::float8 * length / %(mean)s::float8))
) AS score, sum(worth), (SELECT sum(worth) FROM worth), (SELECT count(*) FROM worth)
FROM held JOIN worth USING (gram) GROUP BY article_id ORDER BY score DESC, article_id LIMIT %(most)s"""
_SIZE = "SELECT count(*), coalesce(avg(length), 1) FROM knowledge_posting WHERE gram = '' AND owner_id = ANY(%s) AND language = %s"


def ranked(owners: Sequence[int], grams: Sequence[str], *, most: int, language: str = "zh") -> list[rules.Hit]:
    """What `rules.ranked` says of the articles of these owners, the best first."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZE, [list(owners), language])
        articles, mean = cursor.fetchone()
        weighing = {"k1": rules.K1, "b": rules.B, "less": rules.LONE, "mean": mean, "articles": articles, "most": most}
        asked = {"grams": sorted(set(grams)), "lone": [gram for gram in set(grams) if rules.is_lone(gram)]}
        cursor.execute(_RANKED, {**weighing, **asked, "owners": list(owners), "language": language})
        found = cursor.fetchall()
    rarest = rules.rarest(articles)
    if not found:
        return []
    whole = rules.whole_worth(found[0][3], len(asked["grams"]) - found[0][4], articles)
    return [rules.Hit(article, score, score / rarest, covered=worth / whole) for article, score, worth, *_ in found]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a person's own words, and the language of the page on which it was asked ('en', or anything else for Chinese)."""

    words: str
    page: str = ""

    @property
    def language(self) -> str:
        """In which language it is looked up."""
        return "en" if english.is_english(self.words, page=self.page) else "zh"


def find(
    organisation_id: int, asked: Asked | str, *, at: datetime, most: int = 3, scripts: bool = False
) -> list[Found]:
    """The articles that fit a question, the best first."""
    asked = Asked(asked) if isinstance(asked, str) else asked
    grams = rules.grams(asked.words[: rules.LONGEST_QUESTION], asked.language)
    hits = ranked(shelves(organisation_id), grams, most=max(most, rules.CANDIDATES) * 4, language=asked.language)
    told = live(organisation_id, on=local(at).date(), scripts=scripts)
    readable = told.in_bulk([int(hit.article) for hit in hits])
    open_to_them = [hit for hit in hits if int(hit.article) in readable]
    if asked.language == "en":
        best = rules.in_english(open_to_them)
    else:
        codes: dict[int | str, str] = {article.pk: article.code for article in readable.values()}
        best = rules.settled(open_to_them, prior().shares(grams), codes)
    clear = rules.is_clear(best, asked.language)
    return [Found(readable[int(hit.article)], hit.strength, hit.known, clear and hit is best[0]) for hit in best[:most]]


def live_article(organisation_id: int, article_id: int, *, at: datetime, scripts: bool = False) -> Article:
    """One that is published; NotFound otherwise."""
    found = live(organisation_id, on=local(at).date(), scripts=scripts).filter(pk=article_id).first()
    if found is None:
        raise not_found("文章", "knowledge.article.not-found")
    return found


def on_shelf(organisation_id: int, *, at: datetime, category: str = "", language: str = "") -> QuerySet[Article]:
    """Published articles of a first-level category (all, without one), in one language (all, without one), by title."""
    told = live(organisation_id, on=local(at).date())
    if language:
        told = told.filter(language=language)
    if category:
        told = told.filter(Q(category=category) | Q(category__startswith=f"{category}_"))
    return told.order_by("category", "title")


def shelf_marks(organisation_id: int, *, at: datetime, language: str = "") -> list[tuple[CaseCategory, int]]:
    """First-level categories that hold something, with how much."""
    counted: dict[str, int] = {}
    for code in on_shelf(organisation_id, at=at, language=language).values_list("category", flat=True):
        top = _top_of(code)
        counted[top] = counted.get(top, 0) + 1
    tops = categories().filter(parent=None).order_by("position", "code")
    return [(category, counted[category.code]) for category in tops if category.code in counted]


def _top_of(code: str) -> str:
    return _tops().get(code, code)


def _tops() -> dict[str, str]:
    return dict(categories().exclude(parent=None).values_list("code", "parent_id"))


def article_for(actor: Actor, article_id: int) -> Article:
    """One article a colleague may see: published ones of their line, and their organisation's own in any state."""
    actor.require(permissions.READ)
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    told = Q(organisation_id__in=shelves(actor.organisation_id), live_version__isnull=False)
    found = Article.objects.filter(own | told, pk=article_id).select_related("live_version").first()
    if found is None:
        raise not_found("文章", "knowledge.article.not-found")
    return found


def versions_of(actor: Actor, article: Article) -> list[ArticleVersion]:
    """All versions for those whose article it is, the published one for others; the newest first."""
    rows = article.versions.order_by("-number")
    if article.organisation_id not in actor.scope.organisations:
        rows = rows.filter(state=VersionState.PUBLISHED)
    return list(rows)


def in_work(article: Article) -> ArticleVersion | None:
    """The draft or the version under review, if there is one."""
    return article.versions.filter(state__in=[VersionState.DRAFT, VersionState.IN_REVIEW]).first()


def to_review(actor: Actor) -> QuerySet[ArticleVersion]:
    """Versions that wait for a second person; one's own are left out."""
    waiting = ArticleVersion.objects.filter(
        organisation_id__in=sorted(actor.scope.organisations), state=VersionState.IN_REVIEW
    )
    return waiting.exclude(written_by_account_id=actor.account_id).select_related("article").order_by("written_at")


def own_articles(actor: Actor) -> QuerySet[Article]:
    """Everything the actor's organisations have written, the newest first."""
    return Article.objects.filter(organisation_id__in=sorted(actor.scope.organisations)).order_by("-created_at")


def reads_of(article_ids: Sequence[int], *, since: date) -> dict[int, dict[str, int]]:
    """Reads, helped, helped_not of each article since a day."""
    rows = Use.objects.filter(article_id__in=article_ids, day__gte=since).values("article_id")
    summed = rows.annotate(all_reads=Sum("reads"), yes=Sum("helped"), no=Sum("helped_not"))
    return {row["article_id"]: {"reads": row["all_reads"], "helped": row["yes"], "not": row["no"]} for row in summed}


def comments_on(actor: Actor, article: Article) -> QuerySet[Comment]:
    """What colleagues said and nobody has settled."""
    return article.comments.filter(settled_at=None).order_by("said_at")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which resources. category: a code of either level, its own and those above or below; place: a division's code; words: any of
    them in name, number, address or what it is for."""

    kind: str = ""
    category: str = ""
    place: str = ""
    words: str = ""


def resources(organisation_id: int, *, at: datetime, wanted: Wanted = Wanted()) -> QuerySet[Resource]:
    """Confirmed and in date, nearest shelf first. Without a place those of the station and of everybody above it; with one also what
    any organisation of the province keeps for that place, for one within it, or for what it lies in."""
    told = _in_force(at).filter(_shown_to(organisation_id, wanted.place))
    if wanted.kind:
        told = told.filter(kind=wanted.kind)
    if wanted.category:
        told = told.filter(categories__overlap=_alike(wanted.category))
    for word in wanted.words.split()[:5]:
        told = told.filter(
            Q(name__icontains=word) | Q(phone__icontains=word) | Q(address__icontains=word) | Q(about__icontains=word)
        )
    return told.order_by("-division", "-organisation_id", "kind", "name")


def _alike(category: str) -> list[str]:
    """The category, the one above it, and for one of the first level those below."""
    below = [code for code, top in _tops().items() if top == category]
    return sorted({category, _top_of(category), *below})


def _in_force(at: datetime) -> QuerySet[Resource]:
    confirmed = Resource.objects.filter(retired_at=None, confirmed_at__isnull=False)
    return confirmed.filter(Q(expires_on=None) | Q(expires_on__gte=local(at).date()))


def _shown_to(organisation_id: int, place: str) -> Q:
    own = Q(organisation_id__in=shelves(organisation_id))
    if not place:
        return own
    there = Q(division__startswith=within(place)) | Q(division__in=division_line(place))
    return (own & Q(division="")) | ((own | Q(province=province_of(organisation_id))) & there)


def within(code: str) -> str:
    """What the codes of a division and of all below it begin with (GB/T 2260: pairs of digits, 00 for "all of it")."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def province_of(organisation_id: int) -> str:
    """The province in which an organisation works."""
    return Organisation.objects.values_list("province", flat=True).filter(pk=organisation_id).first() or ""


def places_with_resources(organisation_id: int, *, at: datetime) -> list[Division]:
    """The divisions of the province for which there is something, in the order of their codes."""
    kept = _in_force(at).filter(province=province_of(organisation_id)).exclude(division="").exclude(province="")
    return list(Division.objects.filter(code__in=set(kept.values_list("division", flat=True))))


def places_to_ask_for(organisation_id: int, place: str, *, at: datetime) -> list[Division]:
    """`places_with_resources`, and the place that somebody asked for even where nothing is kept for it alone."""
    known = places_with_resources(organisation_id, at=at)
    if place and place not in {division.code for division in known}:
        known += Division.objects.filter(code=place)
    return sorted(known, key=lambda division: division.code)


def divisions_of(actor: Actor) -> list[Division]:
    """The divisions for which the actor's organisation may keep resources: its own, and those below it."""
    code = Organisation.objects.values_list("division_id", flat=True).filter(pk=actor.organisation_id).first()
    return list(Division.objects.filter(code__startswith=within(code))) if code else []


def resources_to_look_at(actor: Actor, *, at: datetime) -> list[Resource]:
    """The actor's own that a second person has to look at: never confirmed, run out, or soon to run out."""
    soon = look_again_before(at)
    return [row for row in resources_in_work(actor) if row.confirmed_at is None or (row.expires_on or soon) < soon]


def look_again_before(at: datetime) -> date:
    """What runs out before this day has to be looked at again."""
    return local(at).date() + LOOK_AGAIN


def resources_in_work(actor: Actor) -> QuerySet[Resource]:
    """All resources of the actor's organisations, those to confirm first."""
    own = Resource.objects.filter(organisation_id__in=sorted(actor.scope.organisations), retired_at=None)
    return own.order_by("confirmed_at", "name")


def resource_for(actor: Actor, resource_id: int) -> Resource:
    """One of the actor's organisations."""
    found = resources_in_work(actor).filter(pk=resource_id).first()
    if found is None:
        raise not_found("资源", "knowledge.resource.not-found")
    return found


def import_for(actor: Actor, import_id: int) -> ResourceImport:
    """One table brought in by somebody of the actor's organisation."""
    found = imports_of(actor).filter(pk=import_id).first()
    if found is None:
        raise not_found("导入", "knowledge.import.not-found")
    return found


def imports_of(actor: Actor) -> QuerySet[ResourceImport]:
    """The tables brought in at the actor's organisation, the newest first; not those that were thrown away."""
    own = ResourceImport.objects.filter(organisation_id=actor.organisation_id, dropped_at=None)
    return own.order_by("-brought_at")
