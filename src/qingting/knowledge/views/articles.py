"""Articles at the workbench: searching, reading, writing, reviewing."""

from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import Invalid
from qingting.knowledge import forms, selectors, services, shown
from qingting.knowledge.models import Article, ArticleVersion
from qingting.knowledge.permissions import READ, REVIEW, WRITE
from qingting.knowledge.states import ArticleKind, Language, Place, VersionState
from qingting.staff.selectors import display_names

USE_DAYS = 90


@requires(READ)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The shelves, and what waits for a review."""
    actor, at = actor_of(request), time.now()
    category = request.GET.get("category", "")[:40]
    articles = list(selectors.on_shelf(actor.organisation_id, at=at, category=category)[:200]) if category else []
    context = {
        "marks": selectors.shelf_marks(actor.organisation_id, at=at),
        "category": category,
        "rows": _rows(articles),
        "waiting": selectors.to_review(actor).count() if actor.may(REVIEW) else 0,
        "may_write": actor.may(WRITE),
        "may_review": actor.may(REVIEW),
    }
    return render(request, "knowledge/home.html", context)


def _rows(articles: list[Article]) -> list[dict[str, object]]:
    since = time.local(time.now()).date() - timedelta(days=USE_DAYS)
    reads, names = selectors.reads_of([article.pk for article in articles], since=since), forms.category_names()
    return [
        {"article": article, "category": names.get(article.category, ""), "use": reads.get(article.pk)}
        for article in articles
    ]


@requires(READ)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """What fits some words. Posted, because a seeker's words may be among them."""
    actor = actor_of(request)
    words = request.POST.get("words", "").strip()[:200]
    found = selectors.find(actor.organisation_id, words, at=time.now(), most=12, scripts=True) if words else []
    context = {"rows": _rows([hit.article for hit in found]), "words": words}
    return render(request, "knowledge/found.html", context)


@requires(READ)
@require_GET
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """One article: as it is told, its versions, its use, what colleagues say."""
    actor, at = actor_of(request), time.now()
    found = selectors.article_for(actor, article_id)
    if found.live_version is not None:
        services.note_read(article_id=found.pk, place=Place.WORKBENCH, at=at)
    return render(request, "knowledge/article.html", _article(request, found))


def _article(request: HttpRequest, found: Article) -> dict[str, object]:
    actor, at = actor_of(request), time.now()
    work = selectors.in_work(found)
    version = work if request.GET.get("version") == "work" and work else found.live_version or work
    versions = selectors.versions_of(actor, found)
    comments = list(selectors.comments_on(actor, found))
    ours = found.organisation_id in actor.scope.organisations
    writers = {row.written_by_account_id or 0 for row in versions} | {
        row.reviewed_by_account_id or 0 for row in versions
    }
    names = display_names(writers | {comment.account_id for comment in comments})
    since = time.local(at).date() - timedelta(days=USE_DAYS)
    return {
        "article": found,
        "version": version,
        "work": work if ours else None,
        "blocks": shown.blocks(version.body) if version else [],
        "history": [_named(row, names) for row in versions],
        "comments": [(comment, names.get(comment.account_id, "")) for comment in comments],
        "use": selectors.reads_of([found.pk], since=since).get(found.pk),
        "category": forms.category_names().get(found.category, ""),
        "may_write": ours and actor.may(WRITE),
        "may_review": ours and actor.may(REVIEW) and _waits_for(work, actor.account_id),
        "may_retire": ours and actor.may(REVIEW) and found.live_version is not None and found.retired_at is None,
        "today": time.local(at).date(),
    }


def _waits_for(work: ArticleVersion | None, account_id: int) -> bool:
    """Whether a version under review waits for this person, who has not written it."""
    return work is not None and work.state == VersionState.IN_REVIEW and work.written_by_account_id != account_id


def _named(row: ArticleVersion, names: dict[int, str]) -> tuple[ArticleVersion, str, str]:
    return row, names.get(row.written_by_account_id or 0, ""), names.get(row.reviewed_by_account_id or 0, "")


@requires(WRITE)
def write(request: HttpRequest, article_id: int = 0) -> HttpResponse:
    """A new article, or the next version of one."""
    actor = actor_of(request)
    found = selectors.article_for(actor, article_id) if article_id else None
    if request.method == "POST":
        return _written(request, found)
    version = (selectors.in_work(found) or found.live_version) if found else None
    return _form(request, found, forms.values_of(version, found))


def _form(
    request: HttpRequest, found: Article | None, values: Mapping[str, object], errors: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "article": found,
        "values": values,
        "errors": errors or {},
        "groups": forms.category_groups(str(values.get("category", ""))),
        "kinds": ArticleKind.choices,
        "languages": Language.choices,
    }
    return render(request, "knowledge/write.html", context, status=422 if errors else 200)


def _written(request: HttpRequest, found: Article | None) -> HttpResponse:
    actor, at, text = actor_of(request), time.now(), forms.text_from(request.POST)
    kind, category = request.POST.get("kind", "ARTICLE"), request.POST.get("category", "")
    try:
        if found is None:
            found = services.begin_article(actor=actor, kind=kind, category=category, text=text, at=at)
        else:
            services.write_version(actor=actor, article_id=found.pk, text=text, at=at)
    except Invalid as error:
        return _form(request, found, request.POST.dict(), error.fields or {"category": error.message})
    work = selectors.in_work(found)
    if request.POST.get("then") == "submit" and work is not None:
        services.submit_version(actor=actor, version_id=work.pk, at=at)
    return redirect(f"{_address(found)}?version=work")


def _address(found: Article) -> str:
    return reverse("knowledge:article", args=[found.pk])


@requires(WRITE)
@require_POST
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """Ask for a review."""
    services.submit_version(actor=actor_of(request), version_id=version_id, at=time.now())
    return _again(request, version_id, "已提交审核")


@requires(REVIEW)
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for a second person."""
    waiting = list(selectors.to_review(actor_of(request))[:100])
    names = display_names({row.written_by_account_id or 0 for row in waiting})
    rows = [(row, names.get(row.written_by_account_id or 0, "")) for row in waiting]
    return render(request, "knowledge/reviews.html", {"rows": rows})


@requires(REVIEW)
@require_POST
def decide(request: HttpRequest, version_id: int) -> HttpResponse:
    """Publish, or send back with words."""
    actor, at = actor_of(request), time.now()
    if request.POST.get("act") == "publish":
        services.publish_version(actor=actor, version_id=version_id, at=at)
        return _again(request, version_id, "已发布")
    services.send_back(actor=actor, version_id=version_id, words=request.POST.get("words", ""), at=at)
    return _again(request, version_id, "已退回修改")


def _again(request: HttpRequest, version_id: int, words: str) -> HttpResponse:
    version = ArticleVersion.objects.get(pk=version_id)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = f"{_address(version.article)}?version=work"
    return trigger_client_event(response, "toast", {"text": words})


@requires(REVIEW)
@require_POST
def retire(request: HttpRequest, article_id: int) -> HttpResponse:
    """Tell it no more."""
    services.retire_article(actor=actor_of(request), article_id=article_id, at=time.now())
    response = HttpResponse(status=204)
    response["HX-Redirect"] = _address(Article.objects.get(pk=article_id))
    return response


@requires(READ)
@require_POST
def comment(request: HttpRequest, article_id: int) -> HttpResponse:
    """Say what should be better."""
    words = request.POST.get("words", "")
    services.comment_on(actor=actor_of(request), article_id=article_id, words=words, at=time.now())
    return redirect("knowledge:article", article_id)


@requires(WRITE)
@require_POST
def settle(request: HttpRequest, comment_id: int) -> HttpResponse:
    """A remark has been seen to."""
    article_id = services.settle_comment(actor=actor_of(request), comment_id=comment_id, at=time.now())
    return redirect("knowledge:article", article_id)
