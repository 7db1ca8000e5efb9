"""Conversations from the staff's side: taking, talking, handing over, listening in."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qingting.chat import permissions, selectors, services
from qingting.chat.models import Conversation
from qingting.chat.shapes import marks_shape, messages_shape, sign_shape
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import Invalid
from qingting.core.incoming import json_object, whole_number
from qingting.duty.selectors import at_seats
from qingting.staff.models import Account


def _to_seat(conversation: Conversation) -> HttpResponse:
    """Back to the seat's page with this conversation open."""
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("workbench:seat-conversation", args=[conversation.id])
    return response


@requires(permissions.TALK)
@require_POST
def accept(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Take what is offered."""
    return _to_seat(services.accept_conversation(actor=actor_of(request), offer_id=offer_id, at=time.now()))


@requires(permissions.TALK)
@require_POST
def decline(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Let a colleague have it."""
    services.decline_conversation(actor=actor_of(request), offer_id=offer_id, at=time.now())
    return HttpResponse("")


@requires(permissions.TALK)
@require_POST
def take(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Pick one out of the line."""
    return _to_seat(services.take_conversation(actor=actor_of(request), entry_id=entry_id, at=time.now()))


@requires(permissions.TALK)
def messages(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """GET ?after=N: what was said behind number N, with danger signs. POST {text, key}: answer."""
    actor = actor_of(request)
    if request.method == "POST":
        body = _body(request)
        stored = services.post_message(
            actor=actor,
            conversation_id=conversation_id,
            text=str(body["text"]),
            client_key=str(body["key"]),
            at=time.now(),
        )
        return JsonResponse({"seq": stored.seq, "again": stored.again}, status=200 if stored.again else 201)
    conversation = selectors.conversation_for(actor, conversation_id)
    after = request.GET.get("after", "0")
    rows = selectors.messages_after(conversation, whole_number(after))
    shape: dict[str, Any] = {"messages": messages_shape(rows, for_staff=True), **marks_shape(conversation)}
    return JsonResponse({**shape, "state": conversation.state, "danger_level": conversation.danger_level})


def _body(request: HttpRequest) -> dict[str, Any]:
    body = json_object(request.body)
    if body is None or "text" not in body or "key" not in body:
        raise Invalid("没有收到内容。", code="chat.message.malformed", do_next="请再发送一次。")
    return body


@requires(permissions.TALK)
@require_POST
def read(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """How far the counsellor has read."""
    upto = request.POST.get("upto", "0")
    services.mark_read(actor=actor_of(request), conversation_id=conversation_id, upto=whole_number(upto))
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_POST
def typing(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The counsellor is writing."""
    services.say_typing(actor=actor_of(request), conversation_id=conversation_id)
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_POST
def end(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """End the conversation; the page stays so that the record can be finished."""
    services.end_conversation(actor=actor_of(request), conversation_id=conversation_id, at=time.now())
    return _to_seat(selectors.conversation_for(actor_of(request), conversation_id))


@requires(permissions.TALK)
@require_GET
def about(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Which types of danger were seen, each at its highest level: what an offer says before it is taken. No words."""
    return render(request, "chat/about.html", {"signs": selectors.danger_types(actor_of(request), conversation_id)})


@requires(permissions.TALK)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What this person has in hand and is asked to take over, as a fragment."""
    actor = actor_of(request)
    conversations = list(selectors.my_conversations(actor))
    handovers = [(row, _names([row.from_account_id])) for row in selectors.handovers_to(actor)]
    context = {"conversations": conversations, "handovers": handovers, "current": request.GET.get("current", "")}
    return render(request, "chat/mine.html", context)


@requires(permissions.JOIN_SILENTLY)
@require_GET
def here(request: HttpRequest) -> HttpResponse:
    """What goes on in the organisation, for the shift leader, as a fragment."""
    conversations = list(selectors.conversations_here(actor_of(request)))
    names = _names([c.account_id for c in conversations if c.account_id])
    rows = [(c, names.get(c.account_id or 0, "")) for c in conversations]
    return render(request, "chat/here.html", {"rows": rows})


def _names(account_ids: list[int]) -> dict[int, str]:
    return dict(Account.objects.filter(id__in=account_ids).values_list("id", "display_name"))


@requires(permissions.TALK)
@require_GET
def handover(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Whom one can ask to take over, as a fragment."""
    actor = actor_of(request)
    conversation = selectors.conversation_for(actor, conversation_id, to_write=True)
    present = [p.account_id for p in at_seats(actor) if p.account_id != actor.account_id]
    context = {
        "conversation": conversation,
        "colleagues": sorted(_names(present).items(), key=lambda pair: pair[1]),
        "pending": selectors.open_handover_of(conversation),
    }
    return render(request, "chat/handover.html", context)


@requires(permissions.TALK)
@require_POST
def offer_handover(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Ask a colleague."""
    chosen = request.POST.get("to", "")
    if not whole_number(chosen):
        raise Invalid("请选择一位同事。", code="chat.handover.nobody", do_next="在名单中选择在岗的同事。")
    services.offer_handover(
        actor=actor_of(request),
        conversation_id=conversation_id,
        to_account_id=int(chosen),
        words=request.POST.get("words", ""),
        at=time.now(),
    )
    return handover_fragment(request, conversation_id)


def handover_fragment(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The fragment again, with the pending request in it."""
    conversation = selectors.conversation_for(actor_of(request), conversation_id, to_write=True)
    context: dict[str, Any] = {
        "conversation": conversation,
        "pending": selectors.open_handover_of(conversation),
        "colleagues": [],
    }
    return render(request, "chat/handover.html", context)


@requires(permissions.TALK)
@require_POST
def accept_handover(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Take over."""
    return _to_seat(services.accept_handover(actor=actor_of(request), handover_id=handover_id, at=time.now()))


@requires(permissions.TALK)
@require_POST
def end_handover(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Decline, or take one's own request back."""
    services.end_handover(actor=actor_of(request), handover_id=handover_id, at=time.now())
    return HttpResponse("")


@requires(permissions.TALK)
@require_POST
def join(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Read along without a trace on the seeker's side: a leader, or who was asked to. ?stay=1: on the page one is on."""
    joined = services.join_silently(actor=actor_of(request), conversation_id=conversation_id, at=time.now())
    return _here_again() if request.GET.get("stay") else _to_seat(joined)


def _here_again() -> HttpResponse:
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


@requires(permissions.TALK)
@require_POST
def leave(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Stop reading along."""
    services.leave_silently(actor=actor_of(request), conversation_id=conversation_id, at=time.now())
    return _here_again()


@requires(permissions.TALK)
@require_POST
def invite(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Ask a colleague to read along."""
    chosen = request.POST.get("to", "")
    if not whole_number(chosen):
        raise Invalid("请选择一位同事。", code="chat.invitation.nobody", do_next="在名单中选择在岗的同事。")
    services.invite_silently(
        actor=actor_of(request), conversation_id=conversation_id, to_account_id=int(chosen), at=time.now()
    )
    return _here_again()


@requires(permissions.TALK)
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """GET: who asks, and what reading along means. POST {act}: come, or not now."""
    actor = actor_of(request)
    asked = selectors.invitation_to(actor, invitation_id)
    if request.method == "POST" and request.POST.get("act") == "decline":
        services.decline_invitation(actor=actor, invitation_id=invitation_id, at=time.now())
        return redirect("chat:invitation", invitation_id)
    if request.method == "POST":
        joined = services.join_silently(actor=actor, conversation_id=asked.conversation_id, at=time.now())
        return redirect("workbench:seat-conversation", joined.id)
    names = _names([asked.invited_by_account_id])
    open_now = selectors.open_invitation(actor, asked.conversation_id) is not None
    context = {"invitation": asked, "name": names.get(asked.invited_by_account_id, ""), "open": open_now}
    return render(request, "chat/invitation.html", context)


@requires(permissions.TALK)
@require_POST
def correct(request: HttpRequest, sign_id: int) -> HttpResponse:
    """Say that a danger sign is something else, or nothing."""
    sign = services.correct_sign(
        actor=actor_of(request),
        sign_id=sign_id,
        level=request.POST.get("level", ""),
        words=request.POST.get("words", ""),
        at=time.now(),
    )
    return JsonResponse({"id": str(sign.id), "corrected": sign.corrected_level})


@requires(permissions.TALK)
@require_POST
def missed(request: HttpRequest, message_id: int) -> HttpResponse:
    """Say that a message holds danger which the machine did not see."""
    sign = services.report_missed(
        actor=actor_of(request),
        message_id=message_id,
        type_=request.POST.get("type", ""),
        level=request.POST.get("level", ""),
        at=time.now(),
    )
    return JsonResponse(sign_shape(sign), status=201)


@requires(permissions.TALK)
def danger(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """GET: the form that takes the danger level down, and who did so before. POST {level, words}: do it."""
    actor = actor_of(request)
    if request.method == "POST":
        services.lower_danger(
            actor=actor,
            conversation_id=conversation_id,
            level=request.POST.get("level", ""),
            words=request.POST.get("words", ""),
            at=time.now(),
        )
    conversation = selectors.conversation_for(actor, conversation_id)
    judgements = list(selectors.judgements_of(conversation))
    names = _names([row.account_id for row in judgements])
    context = {
        "conversation": conversation,
        "mine": conversation.account_id == actor.account_id,
        "lower": selectors.levels_below(conversation.danger_level),
        "judgements": [(row, names.get(row.account_id, "")) for row in judgements],
    }
    return render(request, "chat/danger.html", context)


@requires(permissions.TALK)
@require_GET
def transcript(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Everything that was said, on one printable page."""
    conversation = selectors.conversation_for(actor_of(request), conversation_id)
    rows = selectors.messages_after(conversation, 0, limit=5000)
    return render(request, "chat/transcript.html", {"conversation": conversation, "messages": rows})
