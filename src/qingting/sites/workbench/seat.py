"""The seat: the conversations in hand on the left, the talk in the middle, the record and the case on the right."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from qingting.chat import permissions
from qingting.chat.models import Conversation
from qingting.chat.selectors import conversation_for, my_conversations
from qingting.contacts.models import Contact
from qingting.core.access import actor_of, requires, signed_in
from qingting.core.errors import NotFound
from qingting.core.models import Clock
from qingting.directory.states import ClockKind
from qingting.screening import TYPES, type_label


def _crisis_clock(conversation: Conversation) -> Clock | None:
    clocks = Clock.objects.filter(subject_kind="conversation", subject_id=conversation.id)
    return clocks.filter(kind=ClockKind.CRISIS_INTERVENTION).order_by("-started_at").first()


@requires(permissions.TALK)
@require_GET
def seat(request: HttpRequest) -> HttpResponse:
    """The seat without an open conversation: the first in hand is opened at once."""
    first = my_conversations(actor_of(request)).first()
    if first is not None:
        return seat_conversation(request, first.id)
    return render(request, "workbench/seat.html", {"conversation": None})


@requires(permissions.TALK)
@require_GET
def seat_conversation(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The seat with one conversation. Somebody else's is shown for reading and listening only."""
    actor = actor_of(request)
    conversation = conversation_for(actor, conversation_id)
    context = {
        "conversation": conversation,
        "mine": conversation.account_id == actor.account_id,
        "contact": Contact.objects.filter(conversation_id=conversation.id).first(),
        "clock": _crisis_clock(conversation),
        "channel": f"conversation:{conversation.id}",
        "types": {code: type_label(code) for code in TYPES},
    }
    return render(request, "workbench/seat.html", context)


@signed_in
@require_GET
def to_conversation(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """From a notice or a clock: to the talk for whoever takes part, else to the duty room, where a leader may join it."""
    actor = actor_of(request)
    try:
        found = conversation_for(actor, conversation_id)
    except NotFound:
        if actor.may("duty.lead"):
            return redirect("duty:room")
        raise
    return redirect("workbench:seat-conversation", found.pk)


@requires(permissions.TALK)
@require_GET
def seat_head(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Level, clock and state of the open conversation, as a fragment."""
    conversation = conversation_for(actor_of(request), conversation_id)
    context = {"conversation": conversation, "clock": _crisis_clock(conversation)}
    return render(request, "workbench/seat_head.html", context)
