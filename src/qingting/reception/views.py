"""The door at the workbench: who is with the machine now, messages left, alerts, settings; and the link on a phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import trigger_client_event

from qingting.chat import services as chat
from qingting.core import time
from qingting.core.access import actor_of, open_to_all, requires
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.incoming import whole_number
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.directory.states import Urgency
from qingting.duty.models import WaitingEntry
from qingting.duty.permissions import TAKE
from qingting.duty.states import EntryState
from qingting.reception import forms, rules, selectors, services
from qingting.reception.models import Alert, Call
from qingting.reception.permissions import ANSWER, ARRANGE, WATCH
from qingting.reception.services.telephones import CALL as TELEPHONED
from qingting.reception.states import AlertState, TargetKind
from qingting.staff.selectors import display_names
from qingting.telephony.selectors import announcement_about

PAGE = 50


@requires(WATCH)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Who is with the machine now, danger first."""
    return render(request, "reception/home.html", _home(request))


def _home(request: HttpRequest) -> dict[str, object]:
    actor, at = actor_of(request), time.now()
    setting = selectors.setting_of(actor.organisation_id)
    return {
        "pairs": selectors.attended_here(actor),
        "night": rules.is_night(selectors.hours_of(setting), at),
        "setting": setting,
        "may_take": actor.may(TAKE),
        **_tabs(request),
    }


def _tabs(request: HttpRequest) -> dict[str, object]:
    """What the tabs over each of these pages show: what is open, and whether there are settings for this person."""
    actor = actor_of(request)
    return {
        "may_arrange": actor.may(ARRANGE),
        "open_alerts": selectors.alerts_here(actor).filter(state=AlertState.OPEN).count() if actor.may(WATCH) else 0,
        "left": selectors.left_here(actor).count() if actor.may(ANSWER) else 0,
    }


@requires(WATCH)
@require_GET
def attended(request: HttpRequest) -> HttpResponse:
    """The list again, after a push."""
    return render(request, "reception/attended.html", _home(request))


@requires(TAKE)
@require_POST
def take(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """One click: the talk is this person's with everything said so far, and the machine is silent."""
    actor = actor_of(request)
    waits = WaitingEntry.objects.filter(subject_kind="conversation", subject_id=conversation_id)
    entry = waits.filter(state__in=[EntryState.WAITING, EntryState.OFFERED]).first()
    if entry is None:
        raise DomainError("这次会话已被接入或已离开。", code="reception.talk.gone", do_next="回到列表看看还有谁在等。")
    chat.take_conversation(actor=actor, entry_id=entry.pk, at=time.now())
    return redirect("workbench:seat-conversation", conversation_id)


@requires(ANSWER)
@require_GET
def left_list(request: HttpRequest) -> HttpResponse:
    """Messages left and requests to be called back."""
    answered = request.GET.get("which") == "answered"
    rows = list(selectors.left_here(actor_of(request), answered=answered)[:PAGE])
    grave = sorted(rows, key=lambda row: -("", "ROUTINE", "URGENT", "CRITICAL").index(row.level))
    context = {"rows": rows if answered else grave, "answered": answered, **_tabs(request)}
    return render(request, "reception/left_list.html", context)


@requires(ANSWER)
@require_GET
def left(request: HttpRequest, left_id: int) -> HttpResponse:
    """One of them."""
    return render(request, "reception/left.html", _left(request, left_id))


def _left(request: HttpRequest, left_id: int) -> dict[str, object]:
    row = selectors.left_for(actor_of(request), left_id)
    names = display_names({row.answered_by_account_id or 0})
    return {"row": row, "by": names.get(row.answered_by_account_id or 0, "")}


@requires(ANSWER)
@require_POST
def answer_left(request: HttpRequest, left_id: int) -> HttpResponse:
    """Answer it."""
    services.answer_left(
        actor=actor_of(request),
        left_id=left_id,
        reply=request.POST.get("reply", ""),
        note=request.POST.get("note", ""),
        at=time.now(),
    )
    return redirect("reception:left", left_id)


@requires(ANSWER)
@require_POST
def erase(request: HttpRequest, left_id: int) -> HttpResponse:
    """Erase what the person asked to be erased."""
    services.erase_for(actor=actor_of(request), left_id=left_id, at=time.now())
    return redirect("reception:left", left_id)


@requires(ANSWER)
@require_POST
def number(request: HttpRequest, left_id: int) -> HttpResponse:
    """The number to call; told to the journal, hence posted."""
    phone = services.read_number(actor=actor_of(request), left_id=left_id, at=time.now())
    return render(request, "reception/number.html", {"phone": phone})


@requires(WATCH)
@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts, the newest first."""
    rows = list(selectors.alerts_here(actor_of(request))[:PAGE])
    names = display_names({row.acknowledged_by_account_id or 0 for row in rows})
    told = [(row, names.get(row.acknowledged_by_account_id or 0, ""), _seconds(row)) for row in rows]
    context = {"rows": told, **_tabs(request)}
    return render(request, "reception/alerts.html", context)


def _seconds(row: Alert) -> int | None:
    return round((row.acknowledged_at - row.raised_at).total_seconds()) if row.acknowledged_at else None


@requires(WATCH)
@require_GET
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """One alert: who was called, when, by what, and what came of it."""
    row = selectors.alert_for(actor_of(request), alert_id)
    calls = selectors.calls_of(row)
    names = display_names({call.account_id for call in calls} | {row.acknowledged_by_account_id or 0})
    context = {
        "alert": row,
        "calls": [(call, names.get(call.account_id, ""), _way(call)) for call in calls],
        "by": names.get(row.acknowledged_by_account_id or 0, ""),
        "seconds": _seconds(row),
        "may_take": actor_of(request).may(TAKE),
    }
    return render(request, "reception/alert.html", context)


def _way(call: Call) -> str:
    if call.way == "NONE":
        return "没有登记接收方式"
    return " · ".join(filter(None, [str(TargetKind(call.way).label), _by_telephone(call)]))


def _by_telephone(call: Call) -> str:
    """What came of ringing, once it is over: busy, nobody there, no telephone at all."""
    rung = announcement_about((TELEPHONED, call.pk)) if call.way == TargetKind.PHONE else None
    return rung.get_outcome_display() if rung is not None and rung.ended_at else ""


@requires(ARRANGE)
def setting(request: HttpRequest) -> HttpResponse:
    """The window, and who is called in which order."""
    actor, at, error = actor_of(request), time.now(), None
    if request.method == "POST":
        try:
            services.change_setting(actor=actor, wish=forms.wish_from(request.POST), at=at)
            return redirect("reception:setting")
        except Invalid as refused:
            error = refused
    order = selectors.watch_of(actor.organisation_id)
    colleagues, reached = selectors.colleagues(actor.organisation_id, at=at), selectors.reachable(order)
    names = dict(colleagues)
    context = {
        **_tabs(request),
        "setting": selectors.setting_of(actor.organisation_id),
        "error": error,
        "watch": [(account_id, names.get(account_id, "—"), account_id in reached) for account_id in order],
        "slots": [(place, order[place - 1] if place <= len(order) else 0) for place in range(1, 7)],
        "colleagues": colleagues,
    }
    return render(request, "reception/setting.html", context, status=422 if error else 200)


@requires(ARRANGE)
@require_POST
def watch(request: HttpRequest) -> HttpResponse:
    """The order of the watch."""
    chosen = [whole_number(value) for value in request.POST.getlist("account")]
    services.arrange_watch(actor=actor_of(request), account_ids=[one for one in chosen if one], at=time.now())
    return redirect("reception:setting")


@requires(WATCH)
def targets(request: HttpRequest) -> HttpResponse:
    """Where one's own phone is reached."""
    actor, error = actor_of(request), None
    if request.method == "POST":
        post = request.POST
        try:
            services.add_target(
                actor=actor,
                kind=post.get("kind", ""),
                label=post.get("label", ""),
                address=post.get("address", ""),
                at=time.now(),
            )
            return redirect("reception:targets")
        except Invalid as refused:
            error = refused
    context = {"rows": selectors.own_targets(actor), "kinds": TargetKind.choices, "error": error, **_tabs(request)}
    return render(request, "reception/targets.html", context, status=422 if error else 200)


@requires(WATCH)
@require_POST
def remove_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Alerts go there no more."""
    services.remove_target(actor=actor_of(request), target_id=target_id, at=time.now())
    return redirect("reception:targets")


@requires(WATCH)
@require_POST
def try_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Send a word to see whether it arrives."""
    actor, at = actor_of(request), time.now()
    check_rate("reception.try", str(actor.account_id), limit=10, seconds=600, at=at)
    worked = services.try_target(actor=actor, target_id=target_id, at=at)
    response = render(request, "reception/target_rows.html", {"rows": selectors.own_targets(actor)})
    words = {True: "已送出，请看手机", False: "没有送到，请检查地址", None: "正在拨打您的电话，接听后请按1"}[worked]
    return trigger_client_event(response, "toast", {"text": words})


@open_to_all("the link itself is the key: 192 random bits, for one alert and one person")
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What a phone opens. Looking acknowledges nothing, because chat programs open links by themselves; the button does."""
    call = _called(request, token)
    return render(request, "reception/link.html", _link(call, token))


def _called(request: HttpRequest, token: str) -> Call:
    check_rate("reception.link", client_address(request), limit=60, seconds=600, at=time.now())
    with acting(EVERYTHING):
        call = selectors.call_of(token)
    if call is None:
        raise not_found("警报链接", "reception.alert.not-found")
    return call


def _link(call: Call, token: str) -> dict[str, object]:
    row = call.alert
    with acting(EVERYTHING):
        station = Organisation.objects.filter(pk=row.organisation_id).values_list("short_name", flat=True).first()
        names = display_names({row.acknowledged_by_account_id or 0})
    return {
        "alert": row,
        "token": token,
        "station": station,
        "level": Urgency(row.level).label,
        "by": names.get(row.acknowledged_by_account_id or 0, ""),
        "mine": row.acknowledged_by_account_id == call.account_id,
        "workbench": reverse("reception:alert", args=[row.pk]),
    }


@open_to_all("the link itself is the key: 192 random bits, for one alert and one person")
@require_POST
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody says that they are on it."""
    _called(request, token)
    services.acknowledge(token=token, at=time.now())
    return redirect("reception-link", token)
