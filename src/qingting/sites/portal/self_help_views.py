"""Self-help: exercises and self-screening that work without network once opened. Nothing is stored unless wished."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST, require_safe

from qingting.chat import services as chat
from qingting.core import time
from qingting.core.access import actor_of, open_to_all
from qingting.core.addresses import client_address
from qingting.core.errors import Invalid
from qingting.core.rate_limits import check_rate
from qingting.knowledge import selfhelp
from qingting.knowledge.selfhelp import Scale
from qingting.sites.portal.visiting import welcome

_TEMPLATES = Path(__file__).with_name("templates") / "portal"
PUBLIC = "exercises for anybody; what is answered stays on the page"
_FILES = (
    "tokens.css", "elements.css", "controls.css", "portal.css", "portal/help.css", "portal/self_help.css",
    "js/portal.js", "js/once.js", "js/quick_exit.js", "portal/self_help.js", "portal/scale.js", "portal/words.js", "icons.svg", "brand/mark.svg",
    "brand/icon.svg", "brand/ripples.svg", "brand/dragonfly.svg",
)  # fmt: skip


@open_to_all(PUBLIC)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What there is to do."""
    spoken = get_language() or ""
    context = {"modules": selfhelp.modules(spoken).values(), "scales": selfhelp.scales(spoken).values()}
    return render(request, "portal/self_help/index.html", context)


@open_to_all(PUBLIC)
@require_safe
def module(request: HttpRequest, code: str) -> HttpResponse:
    """One exercise, one step a screen; all steps readable without script."""
    if code not in selfhelp.modules():
        raise Http404
    return render(request, "portal/self_help/module.html", {"module": selfhelp.modules(get_language() or "")[code]})


def _scale(code: str, language: str = "") -> Scale:
    if code not in selfhelp.scales():
        raise Http404
    return selfhelp.scales(language)[code]


@open_to_all(PUBLIC)
def scale(request: HttpRequest, code: str) -> HttpResponse:
    """A scale. The page works out the result by itself; without script it is worked out here, and kept nowhere."""
    chosen = _scale(code, get_language() or "")
    context: dict[str, object] = {"scale": chosen, "asked": _asked(chosen, request)}
    if request.method == "POST":
        answers = selfhelp.answers_from(chosen, _given(request, chosen))
        if answers is None:
            return render(request, "portal/self_help/scale.html", {**context, "missing": True}, status=422)
        context |= {"result": selfhelp.result_of(chosen, answers), "answers": answers}
    return render(request, "portal/self_help/scale.html", context)


def _given(request: HttpRequest, chosen: Scale) -> list[str]:
    return [request.POST.get(f"q{number}", "") for number in range(1, len(chosen.items) + 1)]


def _asked(chosen: Scale, request: HttpRequest) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "words": words,
            "danger": number == chosen.danger_item,
            "options": [
                (value, label, request.POST.get(f"q{number}") == str(value))
                for value, label in enumerate(chosen.options)
            ],
        }
        for number, words in enumerate(chosen.items, 1)
    ]


@open_to_all("a seeker needs no account")
@require_POST
def take_along(request: HttpRequest, code: str) -> HttpResponse:
    """The person wishes to talk, and to take the result along: it becomes their first message and is screened like any."""
    chosen, at = _scale(code), time.now()
    check_rate("portal.start", client_address(request), limit=30, seconds=600, at=at)
    answers = selfhelp.answers_from(chosen, _given(request, chosen))
    if answers is None:
        raise Invalid("还有题没有选。", code="portal.scale.unfinished", do_next="返回上一页选完，或者直接来聊。")
    words = selfhelp.told(chosen, answers)

    def begin() -> HttpResponse:
        actor = actor_of(request)
        talk = chat.start_conversation(actor=actor, at=at)
        key = f"scale-{hashlib.sha256(f'{words}{talk.last_seq}'.encode()).hexdigest()[:16]}"
        chat.post_message(actor=actor, conversation_id=talk.id, text=words, client_key=key, at=at)
        return redirect("portal:talk")

    return welcome(request, begin)


@open_to_all("a page's own worker; it keeps exercises, never words")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its scope is the folder it stands in, so the chat never passes through it."""
    context = {"version": _version(get_language() or ""), "pages": _pages(), "files": [static(name) for name in _FILES]}
    return render(request, "portal/self_help/worker.js", context, content_type="text/javascript")


def _pages() -> list[str]:
    modules = [reverse("portal:self-help-module", args=[code]) for code in selfhelp.modules()]
    scales = [reverse("portal:self-help-scale", args=[code]) for code in selfhelp.scales()]
    return [reverse("portal:self-help"), *modules, *scales]


@cache
def _version(language: str) -> str:
    """Changes with any kept file or word and with the language, so that a phone fetches them anew."""
    digest = hashlib.sha256(repr((language, selfhelp.modules(language), selfhelp.scales(language))).encode())
    for name in ("self_help/index", "self_help/module", "self_help/scale", "page", "help/person"):
        digest.update((_TEMPLATES / f"{name}.html").read_bytes())
    for name in _FILES:
        found = finders.find(name)
        if isinstance(found, str):
            with open(found, "rb") as file:  # noqa: PTH123
                digest.update(file.read())
    return digest.hexdigest()[:16]
