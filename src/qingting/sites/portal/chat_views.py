"""The seeker's chat: the entrance with confidentiality and its limits, the talk itself, and what its page asks for."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingting.chat import selectors, services
from qingting.chat.models import Conversation
from qingting.chat.shapes import marks_shape, messages_shape
from qingting.chat.states import ConversationState
from qingting.core import time
from qingting.core.access import actor_of, open_to_all
from qingting.core.addresses import client_address
from qingting.core.errors import Invalid, not_found
from qingting.core.incoming import json_object, whole_number
from qingting.core.push import stream_token
from qingting.core.rate_limits import check_rate
from qingting.duty.selectors import place_of
from qingting.duty.states import Skill
from qingting.knowledge.selectors import live
from qingting.reception import selectors as reception
from qingting.sites.portal.rating_links import rating_path
from qingting.sites.portal.templatetags.portal import spoken
from qingting.sites.portal.visiting import visited, welcome

ON_A_PLAIN_PAGE = 60  # messages shown without script
_SKILLS = {Skill.PSYCHOLOGY, Skill.LAW}


@open_to_all("a seeker needs no account")
@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """Confidentiality and its limits before the chat begins."""
    return render(request, "portal/chat_entrance.html")


@open_to_all("a seeker needs no account")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin, or go on with what is open."""
    check_rate("portal.start", client_address(request), limit=30, seconds=600, at=time.now())
    skill = request.POST.get("skill", Skill.PSYCHOLOGY)

    def begin() -> HttpResponse:
        chosen = skill if skill in _SKILLS else Skill.PSYCHOLOGY
        services.start_conversation(actor=actor_of(request), skill=chosen, at=time.now())
        return redirect("portal:talk")

    return welcome(request, begin)


def _own(request: HttpRequest) -> Conversation:
    conversation = selectors.own_conversation(actor_of(request))
    if conversation is None:
        raise not_found("会话", "chat.conversation.not-found")
    return conversation


@visited
@require_GET
def talk(request: HttpRequest) -> HttpResponse:
    """The talk itself."""
    conversation = selectors.own_conversation(actor_of(request))
    if conversation is None:
        return redirect("portal:chat")
    context = {
        "conversation": conversation,
        "push_token": stream_token([f"talk:{conversation.id}"]),
        "said": selectors.messages_after(conversation, max(conversation.last_seq - ON_A_PLAIN_PAGE, 0)),
        "plain_key": secrets.token_urlsafe(16),
        "danger": conversation.danger_level in {"CRITICAL", "URGENT"},
        "state_words": _state_words(conversation),
    }
    return render(request, "portal/talk.html", context)


def _state_words(conversation: Conversation) -> str:
    """Where it stands, for the first look and for a phone without script; then the page keeps it up to date."""
    if conversation.state == ConversationState.ENDED:
        return _("这次聊天已经结束。需要的时候随时可以再来。")
    if conversation.state == ConversationState.ACTIVE:
        return _("咨询师已经在这里，正在听你说。")
    if reception.attends(conversation.id):
        return _("老师还没有来，先由机器回答。你写的，老师来了都能看到。")
    return _("正在为你找一位咨询师……")


@visited
@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """Say something without script; the page's own key stores it once."""
    actor, text = actor_of(request), request.POST.get("words", "").strip()
    check_rate("portal.say", str(actor.visit_id), limit=120, seconds=60, at=time.now())
    if text:
        services.post_message(
            actor=actor,
            conversation_id=_own(request).id,
            text=text,
            client_key=f"plain-{request.POST.get('key', '')[:30]}",
            at=time.now(),
        )
    return redirect("portal:talk")


@visited
@require_POST
def push_token(request: HttpRequest) -> HttpResponse:
    """A fresh permit to listen to one's own chat."""
    return JsonResponse({"token": stream_token([f"talk:{_own(request).id}"])})


@visited
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Where it stands: state, place in the line, read marks, and the rating link once there is one."""
    conversation = _own(request)
    shape: dict[str, Any] = {
        "id": str(conversation.id),
        "state": conversation.state,
        "place": _place(conversation),
        "danger": conversation.danger_level in {"CRITICAL", "URGENT"},
        "rating": rating_path(conversation.id),
        "machine": conversation.state == ConversationState.WAITING and reception.attends(conversation.id),
        **marks_shape(conversation),
    }
    return JsonResponse(shape)


def _place(conversation: Conversation) -> dict[str, int | None] | None:
    if conversation.state != ConversationState.WAITING:
        return None
    place = place_of(("conversation", conversation.id), at=time.now())
    return {"position": place.position, "wait_seconds": place.wait_seconds, "ready": place.ready} if place else None


@visited
def messages(request: HttpRequest) -> HttpResponse:
    """GET ?after=N: what was said behind number N. POST {text, key}: say something; answered only once it is stored."""
    if request.method == "POST":
        return _say(request)
    conversation = _own(request)
    after = whole_number(request.GET.get("after"))
    rows = selectors.messages_after(conversation, after)
    shape = {"messages": messages_shape(rows, for_staff=False), "sources": _sources(conversation, after)}
    return JsonResponse({**shape, **marks_shape(conversation)})


def _sources(conversation: Conversation, after: int) -> dict[int, list[dict[str, str]]]:
    """Number of a machine's message → title and address of what it rests on."""
    held = reception.sources_of(conversation.id, after=after)
    wanted = {article_id for ids in held.values() for article_id in ids}
    told = live(conversation.organisation_id, on=time.local(time.now()).date()).in_bulk(wanted)
    return {
        seq: [
            {"title": spoken(told[id_].title), "url": reverse("portal:help-article", args=[id_])}
            for id_ in ids
            if id_ in told
        ]
        for seq, ids in held.items()
    }


def _say(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    check_rate("portal.say", str(actor.visit_id), limit=120, seconds=60, at=time.now())
    body = _body(request)
    stored = services.post_message(
        actor=actor,
        conversation_id=_own(request).id,
        text=str(body.get("text", "")),
        client_key=str(body.get("key", "")),
        at=time.now(),
    )
    return JsonResponse({"seq": stored.seq, "again": stored.again}, status=200 if stored.again else 201)


def _body(request: HttpRequest) -> dict[str, Any]:
    body = json_object(request.body)
    if body is None or not body.get("key"):
        raise Invalid("没有收到内容。", code="chat.message.malformed", do_next="请再发送一次。")
    return body


@visited
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """How far the seeker has read."""
    services.mark_read(
        actor=actor_of(request), conversation_id=_own(request).id, upto=whole_number(request.POST.get("upto"))
    )
    return HttpResponse(status=204)


@visited
@require_POST
def typing(request: HttpRequest) -> HttpResponse:
    """The seeker is writing."""
    services.say_typing(actor=actor_of(request), conversation_id=_own(request).id)
    return HttpResponse(status=204)


@visited
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The seeker ends it."""
    services.end_conversation(actor=actor_of(request), conversation_id=_own(request).id, at=time.now())
    return redirect(reverse("portal:talk"))
