"""The telephone from the pages' side: an account for the browser, the call in hand, what is asked of it."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import Invalid
from qingting.core.incoming import json_object, whole_number
from qingting.duty import services as duty
from qingting.staff.selectors import display_names
from qingting.telephony import permissions, selectors, services, shapes
from qingting.telephony.models import Call
from qingting.telephony.ranges import partial
from qingting.telephony.services import Wish


@requires(permissions.TALK)
@require_POST
def account(request: HttpRequest) -> HttpResponse:
    """A fresh account at Asterisk for this login. A call in hand is rung again as soon as the page has registered."""
    actor = actor_of(request)
    issued = services.issue_seat_account(
        actor=actor,
        session_id=request.session_row.pk,  # type: ignore[attr-defined]
        at=time.now(),
    )
    return JsonResponse(shapes.account_shape(issued), status=201)


@requires(permissions.TALK)
@require_POST
def own_telephone(request: HttpRequest) -> HttpResponse:
    """POST {number}: calls ring at this telephone (虚拟台); an empty number goes back to the browser."""
    number = str(_body(request).get("number", ""))
    services.use_own_telephone(actor=actor_of(request), number=number, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """{"calls": […]}: what this person has in hand."""
    return JsonResponse({"calls": _shaped(list(selectors.my_calls(actor_of(request))))})


@requires(permissions.LEAD)
@require_GET
def here(request: HttpRequest) -> HttpResponse:
    """{"calls": […]}: everything that goes on at the station, for the shift leader."""
    return JsonResponse({"calls": _shaped(list(selectors.calls_here(actor_of(request))))})


@requires(permissions.TALK)
@require_GET
def one(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call; `asked_by` while a colleague asks us into it."""
    actor = actor_of(request)
    call = selectors.call_for(actor, call_id)
    asked_by = selectors.asked_by(actor, call)
    legs = list(selectors.legs_of(call))
    names = display_names({call.account_id or 0, asked_by, *(leg.account_id or 0 for leg in legs)})
    questions = [shapes.question_shape(row) for row in selectors.questions_of(call)]
    more = {"questions": questions, "text_talk": str(selectors.text_talk_of(call) or "")}
    return JsonResponse({**shapes.call_shape(call, legs, names, asked_by=asked_by), **more})


@requires(permissions.TALK)
@require_GET
def known(request: HttpRequest, call_id: int) -> HttpResponse:
    """The screen pop (弹屏)."""
    actor = actor_of(request)
    found = selectors.known_of(actor, selectors.call_for(actor, call_id))
    return JsonResponse(shapes.known_shape(found, display_names({found.last_account_id or 0})))


@requires(permissions.LISTEN)
@require_GET
def recordings(request: HttpRequest, call_id: int) -> HttpResponse:
    """{"recordings": [{id, kind, kind_label, name, began_at, whispered, seconds, recorded_at, legal_hold}]} of a call."""
    found = list(selectors.recordings_of(selectors.call_for(actor_of(request), call_id)))
    names = display_names({recording.account_id or 0 for recording in found})
    rows = [shapes.recording_shape(recording, names) for recording in found]
    return JsonResponse({"recordings": rows})


@requires(permissions.LISTEN)
@require_POST
def listen(request: HttpRequest, recording_id: int) -> HttpResponse:
    """POST {reason}: who listens and why is journalled; 201 {"sound"}: the address of the sound, for an hour."""
    actor, reason = actor_of(request), str(_body(request).get("reason", ""))
    listening = services.begin_listening(actor=actor, recording_id=recording_id, reason=reason, at=time.now())
    address = reverse("telephony:sound", args=[recording_id])
    return JsonResponse({"sound": f"{address}?{urlencode({'listening': listening})}"}, status=201)


@requires(permissions.LISTEN)
@require_GET
def sound(request: HttpRequest, recording_id: int) -> HttpResponse:
    """The WAV file of a recording, whole or the range that is asked for, for whoever has begun to listen."""
    listening = request.GET.get("listening", "")
    wav = services.read_recording(actor=actor_of(request), recording_id=recording_id, listening=listening)
    return partial(request, wav, content_type="audio/wav")


@requires(permissions.LISTEN)
@require_POST
def listen_to_both(request: HttpRequest, call_id: int) -> HttpResponse:
    """POST {reason}: as `listen`, for both sides of a call at once."""
    actor, reason = actor_of(request), str(_body(request).get("reason", ""))
    listening = services.begin_listening_to_both(actor=actor, call_id=call_id, reason=reason, at=time.now())
    address = reverse("telephony:both", args=[call_id])
    return JsonResponse({"sound": f"{address}?{urlencode({'listening': listening})}"}, status=201)


@requires(permissions.LISTEN)
@require_GET
def both(request: HttpRequest, call_id: int) -> HttpResponse:
    """The WAV file with both voices, whole or the range that is asked for."""
    listening = request.GET.get("listening", "")
    wav = services.read_both(actor=actor_of(request), call_id=call_id, listening=listening)
    return partial(request, wav, content_type="audio/wav")


@requires(permissions.HOLD_RECORDINGS)
@require_POST
def hold_recording(request: HttpRequest, recording_id: int) -> HttpResponse:
    """POST {hold: on|off}: keep it beyond its time (保全), or no longer."""
    hold = str(_body(request).get("hold", "")) in ("on", "True", "true")
    services.hold_recording(actor=actor_of(request), recording_id=recording_id, hold=hold, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_GET
def about(request: HttpRequest, call_id: int) -> HttpResponse:
    """What an offer says of a call before it is taken, as a fragment."""
    actor = actor_of(request)
    found = selectors.known_of(actor, selectors.call_for(actor, call_id))
    return render(request, "telephony/about.html", {"known": found})


@requires(permissions.TALK)
@require_POST
def accept(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The offer's button: the seat's telephone is ringing already, so the page picks up."""
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"telephone-pick-up": {"offer": str(offer_id)}})
    return response


@requires(permissions.TALK)
@require_POST
def decline(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Let a colleague have it; the ringing stops."""
    duty.decline_offer(actor=actor_of(request), offer_id=offer_id, at=time.now())
    return HttpResponse("")


@requires(permissions.TALK)
@require_POST
def take(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Pick a call out of the line: it is offered to this seat next, whose telephone then rings."""
    duty.prefer(actor=actor_of(request), entry_id=entry_id, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_POST
def act(request: HttpRequest, call_id: int) -> HttpResponse:
    """POST {kind, to_account_id?, leg_id?, mode?, skill?, question?}: ask something of a call; 202, the result comes by push."""
    asked = services.ask_act(actor=actor_of(request), call_id=call_id, wish=_wish(request), at=time.now())
    return JsonResponse(shapes.act_shape(asked), status=202)


@requires(permissions.TALK)
@require_GET
def act_result(request: HttpRequest, act_id: int) -> HttpResponse:
    """What came of an act, for a page that missed the push."""
    return JsonResponse(shapes.act_shape(selectors.act_for(actor_of(request), act_id)))


@requires(permissions.TALK)
@require_POST
def invite(request: HttpRequest, call_id: int) -> HttpResponse:
    """POST {to_account_id}: ask a colleague to listen in, unheard by the caller."""
    to = _id(_body(request).get("to_account_id"))
    if to is None:
        raise Invalid("请选择一位同事。", code="telephony.invitation.nobody", do_next="在名单中选择在岗的同事。")
    services.invite_to_listen(actor=actor_of(request), call_id=call_id, to_account_id=to, at=time.now())
    response = HttpResponse(status=204)
    told = {"text": "已请同事旁听，对方会收到提醒。"}
    response["HX-Trigger"] = json.dumps({"toast": told})
    return response


@requires(permissions.TALK)
@require_POST
def listen_in(request: HttpRequest, call_id: int) -> HttpResponse:
    """Come as one was asked to: the own telephone rings and answers by itself; 202, the result comes by push."""
    asked = services.listen_in(actor=actor_of(request), call_id=call_id, at=time.now())
    return JsonResponse(shapes.act_shape(asked), status=202)


@requires(permissions.TALK)
@require_POST
def danger(request: HttpRequest, call_id: int) -> HttpResponse:
    """POST {level}: how grave it is; it only rises."""
    body = _body(request)
    services.note_danger(actor=actor_of(request), call_id=call_id, level=str(body.get("level", "")), at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_POST
def speaking(request: HttpRequest, call_id: int) -> HttpResponse:
    """A silent caller speaks after all."""
    services.note_speaking(actor=actor_of(request), call_id=call_id, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_POST
def text_link(request: HttpRequest, call_id: int) -> HttpResponse:
    """Send the caller a link to the written talk, as a text message."""
    services.send_text_link(actor=actor_of(request), call_id=call_id, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """{"tasks": […]}: who is to be called back, danger first."""
    rows = selectors.tasks_here(actor_of(request))[:200]
    return JsonResponse({"tasks": [shapes.task_shape(task) for task in rows]})


@requires(permissions.TALK)
@require_POST
def call_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Ring one's own seat, then the number of the task."""
    asked = services.ask_call_back(actor=actor_of(request), task_id=task_id, at=time.now())
    return JsonResponse(shapes.act_shape(asked), status=202)


@requires(permissions.TALK)
@require_POST
def close_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """POST {words}: no call is needed after all."""
    words = str(_body(request).get("words", ""))
    services.close_task(actor=actor_of(request), task_id=task_id, words=words, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TALK)
@require_POST
def propose_block(request: HttpRequest, call_id: int) -> HttpResponse:
    """POST {words, days}: propose that this number is not let in for some days."""
    body = _body(request)
    days = whole_number(str(body.get("days", "")))
    words = str(body.get("words", ""))
    services.propose_block(actor=actor_of(request), call_id=call_id, words=words, days=days, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.REVIEW_NUMBERS)
@require_POST
def agree_to_block(request: HttpRequest, block_id: int) -> HttpResponse:
    """A second person agrees."""
    services.agree_to_block(actor=actor_of(request), block_id=block_id, at=time.now())
    return HttpResponse(status=204)


@requires(permissions.REVIEW_NUMBERS)
@require_POST
def lift_block(request: HttpRequest, block_id: int) -> HttpResponse:
    """Let the number in again."""
    services.lift_block(actor=actor_of(request), block_id=block_id, at=time.now())
    return HttpResponse(status=204)


def _shaped(calls: list[Call]) -> list[dict[str, Any]]:
    legs = {call.id: list(selectors.legs_of(call)) for call in calls}
    accounts = {call.account_id or 0 for call in calls} | {
        leg.account_id or 0 for rows in legs.values() for leg in rows
    }
    names = display_names(accounts)
    return [shapes.call_shape(call, legs[call.id], names) for call in calls]


def _wish(request: HttpRequest) -> Wish:
    body = _body(request)
    return Wish(
        kind=str(body.get("kind", "")),
        to_account_id=_id(body.get("to_account_id")),
        leg_id=_id(body.get("leg_id")),
        mode=str(body.get("mode", "")),
        skill=str(body.get("skill", "")),
        question=str(body.get("question", "")),
    )


def _id(given: object) -> int | None:
    return whole_number(str(given or "")) or None


def _body(request: HttpRequest) -> dict[str, Any]:
    """JSON, or the fields of a form."""
    if request.content_type != "application/json":
        return request.POST.dict()
    body = json_object(request.body)
    if body is None:
        raise Invalid("没有收到内容。", code="telephony.request.malformed", do_next="请再试一次。")
    return body
