"""Every address of the platform."""

from django.urls import include, path

from qingting.core import refusals, views
from qingting.reception import views as door
from qingting.risk import plan_views

handler400 = refusals.unreadable
handler403 = refusals.forbidden
handler404 = refusals.unknown_address

urlpatterns = [
    path("api/v1/", include("qingting.sites.exchange.api_urls")),
    path("healthz", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
    path("alerts/<str:token>", door.link, name="reception-link"),
    path("alerts/<str:token>/acknowledge", door.acknowledge, name="reception-acknowledge"),
    path("p/<str:token>", plan_views.private, name="safety-plan"),
    path("reception/", include("qingting.reception.urls")),
    path("knowledge/", include("qingting.knowledge.urls")),
    path("lexicon/", include("qingting.lexicon.urls")),
    path("duty/", include("qingting.duty.urls")),
    path("conversations/", include("qingting.chat.urls")),
    path("telephony/", include("qingting.telephony.urls")),
    path("statistics/", include("qingting.statistics.urls")),
    path("cases/", include("qingting.cases.urls")),
    path("orders/", include("qingting.orders.urls")),
    path("", include("qingting.followups.urls")),
    path("", include("qingting.complaints.urls")),
    path("exports/", include("qingting.exports.urls")),
    path("seekers/", include("qingting.seekers.urls")),
    path("contacts/", include("qingting.contacts.urls")),
    path("risk/", include("qingting.risk.urls")),
    path("account/", include("qingting.staff.urls")),
    path("directory/", include("qingting.directory.urls")),
    path("deskwire/", include("qingting.sites.exchange.urls")),
    path("linkage/", include("qingting.linkage.urls")),
    path("assistance/", include("qingting.assistance.urls")),
    path("chains/", include("qingting.chains.urls")),
    path("conferences/", include("qingting.conferences.urls")),
    path("workbench/", include("qingting.sites.workbench.urls")),
    path("", include("qingting.sites.portal.urls")),
]
