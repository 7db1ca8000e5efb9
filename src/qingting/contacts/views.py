"""Pages of contact records: the list, one record, the panel beside the chat, recording by hand."""

import secrets

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from qingting.contacts import forms, rules, selectors, services
from qingting.contacts.models import Contact
from qingting.contacts.permissions import RECORD, VIEW
from qingting.contacts.states import Channel, ContactState
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.incoming import whole_number
from qingting.directory.selectors import categories
from qingting.directory.states import Urgency
from qingting.screening import level_label, type_label
from qingting.screening.editions import in_force
from qingting.staff.models import Account


def _panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The form where this person may record, else the record to read."""
    actor = actor_of(request)
    contact = selectors.contact_of(actor, contact_id)
    if not actor.may(RECORD, contact.organisation_id):
        return render(request, "contacts/record.html", _record(contact))
    values = selectors.form_values(contact)
    context = {
        "contact": contact,
        "values": values,
        "asked": forms.questions(values),
        "groups": forms.category_groups(values["category"]),
        "divisions": forms.division_selects(values["declared_division"], first=contact.province),
        "tab": secrets.token_hex(6),
        "completed": contact.state == ContactState.COMPLETED,
    }
    return render(request, "contacts/panel.html", context)


def _record(contact: Contact) -> dict[str, object]:
    names = dict(categories().values_list("code", "name"))
    return {"contact": contact, "facts": forms.facts(contact, names.get(contact.category, ""))}


@requires(VIEW)
@require_GET
def panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The record as a fragment, for beside the chat."""
    return _panel(request, contact_id)


@requires(RECORD)
@require_POST
def draft(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Keep what has been typed; answers with the draft's version."""
    contact = _keep(request, contact_id)
    return JsonResponse({"version": contact.draft_version, "saved_at": contact.draft_saved_at})


def _keep(request: HttpRequest, contact_id: int) -> Contact:
    version, tab = forms.version_of(request.POST)
    return services.save_draft(
        actor=actor_of(request),
        contact_id=contact_id,
        data=forms.typed_from(request.POST),
        version=version,
        tab=tab,
        at=time.now(),
    )


@requires(RECORD)
@require_POST
def save(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Register the contact, or add to it once it is registered. A refusal leaves the draft as the page last saved it."""
    contact = _keep(request, contact_id)
    actor, at = actor_of(request), time.now()
    if contact.state == ContactState.COMPLETED:
        services.amend_contact(actor=actor, contact_id=contact_id, changes={}, at=at)
        words = "已保存补充"
    else:
        keep = request.POST.get("keep_seeker") == "on"
        services.complete_contact(actor=actor, contact_id=contact_id, data={}, keep_seeker=keep, at=at)
        words = "已完成登记"
    return trigger_client_event(_panel(request, contact_id), "toast", {"text": words})


@requires(VIEW)
@require_GET
def divisions(request: HttpRequest) -> HttpResponse:
    """The three selects again, opened as far as has been chosen."""
    first = actor_of(request).province
    selects = forms.division_selects(forms.chosen_division(request.GET), first=first)
    return render(request, "contacts/parts/divisions.html", {"divisions": selects})


@requires(VIEW)
@require_GET
def risk_field(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The risk level again, after an assessment."""
    contact = selectors.contact_of(actor_of(request), contact_id)
    asked = forms.questions(selectors.form_values(contact))
    return render(request, "contacts/parts/risk_level.html", {"contact": contact, "asked": asked})


@requires(RECORD)
@require_POST
def danger(request: HttpRequest, contact_id: int) -> HttpResponse:
    """What screening reads in the summary as it stands on the page: a hint beside the risk level. Nothing is kept."""
    contact = selectors.contact_of(actor_of(request), contact_id)
    with in_force(contact.organisation_id):
        found = rules.danger_in(request.POST.get("summary", ""))
    signs = [(sign, type_label(sign.type), level_label(sign.level)) for sign in found]
    return render(request, "contacts/parts/danger.html", {"signs": signs})


@requires(VIEW)
@require_GET
def vault(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Where personal data are kept: the person's vault, or an invitation to open one."""
    contact = selectors.contact_of(actor_of(request), contact_id)
    return render(request, "contacts/vault.html", {"contact": contact})


@requires(RECORD)
@require_POST
def start_vault(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Record the person under a pseudonym, so that personal data have a place."""
    actor = actor_of(request)
    services.seeker_for_contact(actor=actor, contact_id=contact_id, at=time.now())
    contact = selectors.contact_of(actor, contact_id)
    return render(request, "contacts/vault.html", {"contact": contact})


@requires(VIEW)
@require_GET
def detail(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One record on a page of its own."""
    contact = selectors.contact_of(actor_of(request), contact_id)
    accounts = {contact.account_id, contact.first_contact_owner_account_id}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "display_name"))
    context = {
        "contact": contact,
        "recorder": names.get(contact.account_id, ""),
        "owner": names.get(contact.first_contact_owner_account_id, ""),
    }
    return render(request, "contacts/detail.html", context)


@requires(VIEW)
@require_GET
def contact_list(request: HttpRequest) -> HttpResponse:
    """Records of the organisation, narrowed by what the address says."""
    asked = forms.asked_of(request.GET)
    number = request.GET.get("page", "1")
    page = selectors.contacts_list(actor_of(request), asked, whole_number(number[:6], 1))
    known = {category.code: category for category in categories()}
    accounts = {contact.account_id for contact in page.contacts}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "display_name"))
    groups = forms.category_groups(asked.category)
    query = request.GET.copy()
    query.pop("page", None)
    rows = [(contact, known.get(contact.category), names.get(contact.account_id, "")) for contact in page.contacts]
    context = {
        "rows": rows,
        "page": page,
        "asked": asked,
        "groups": groups,
        "query": query.urlencode(),
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
        "states": ContactState.choices,
        "channels": Channel.choices,
        "levels": Urgency.choices,
    }
    return render(request, "contacts/list.html", context)


@requires(RECORD)
def new(request: HttpRequest) -> HttpResponse:
    """Record a contact by hand (补录), then fill in its form."""
    at = time.now()
    if request.method == "POST":
        ended = request.POST.get("ended_at", "")
        contact = services.record_walk_in(
            actor=actor_of(request),
            channel=request.POST.get("channel", ""),
            started_at=forms.moment(request.POST.get("started_at", ""), "开始时间"),
            ended_at=forms.moment(ended, "结束时间") if ended else None,
            at=at,
        )
        return redirect(reverse("contacts:detail", args=[contact.pk]))
    channels = [(channel.value, channel.label) for channel in Channel if channel in services.BY_HAND]
    return render(request, "contacts/new.html", {"channels": channels, "now": time.local(at)})


@requires(RECORD)
@require_POST
def separate(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Somebody else was speaking: the contact gets a record of its own."""
    contact = services.separate_contact(actor=actor_of(request), contact_id=contact_id, at=time.now())
    return HttpResponseClientRedirect(reverse("contacts:detail", args=[contact.pk]))
