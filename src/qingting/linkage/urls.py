"""Addresses of linkage."""

from django.urls import path

from qingting.linkage import views

app_name = "linkage"
urlpatterns = [
    path("", views.handoffs.overview, name="list"),
    path("calls/<int:call_id>/join", views.joining.join, name="join"),
    path("cases/<int:case_id>/panel", views.panel.panel, name="panel"),
    path("cases/<int:case_id>/preview", views.panel.preview, name="preview"),
    path("cases/<int:case_id>/hand-off", views.panel.hand_off, name="hand-off"),
    path("handoffs/<int:handoff_id>", views.handoffs.handoff, name="handoff"),
    path("handoffs/<int:handoff_id>/content", views.handoffs.content, name="content"),
    path("handoffs/<int:handoff_id>/supplement", views.panel.supplement, name="supplement"),
    path("handoffs/<int:handoff_id>/send-again", views.panel.send_again, name="send-again"),
    path("handoffs/<int:handoff_id>/cancel", views.panel.cancel, name="cancel"),
    path("handoffs/<int:handoff_id>/confirm", views.panel.confirm, name="confirm"),
    path("cases/<int:case_id>/refer", views.referring.refer, name="refer"),
    path("cases/<int:case_id>/refer/preview", views.referring.preview, name="refer-preview"),
    path("reports", views.reports.overview, name="reports"),
    path("reports/<int:report_id>", views.reports.report, name="report"),
    path("reports/<int:report_id>/made", views.reports.made, name="report-made"),
    path("reports/<int:report_id>/waiving", views.reports.waive, name="report-waive"),
    path("cases/<int:case_id>/report", views.reports.draft, name="report-draft"),
    path("told/<int:seeker_id>", views.referring.told, name="told"),
    path("partner", views.partner.overview, name="partner"),
    path("partner/<int:handoff_id>", views.partner.matter, name="partner-matter"),
    path("partner/<int:handoff_id>/contact", views.partner.contact, name="partner-contact"),
    path("partner/<int:handoff_id>/answer", views.partner.answer, name="partner-answer"),
    path("handoffs/<int:handoff_id>/letter", views.letters.letter, name="letter"),
    path("handoffs/<int:handoff_id>/by-hand", views.letters.by_hand, name="by-hand"),
    path("letters/<str:token>", views.letters.reply, name="letter-reply"),
    path("incoming", views.incoming.incoming, name="incoming"),
    path("handoffs/<int:handoff_id>/take", views.incoming.take, name="take"),
    path("handoffs/<int:handoff_id>/decline", views.incoming.decline, name="decline"),
    path("handoffs/<int:handoff_id>/progress", views.incoming.progress, name="progress"),
    path("handoffs/<int:handoff_id>/result", views.incoming.result, name="result"),
    path("banner", views.links.banner, name="banner"),
    path("line", views.links.line, name="line"),
    path("desks", views.links.desks, name="desks"),
    path("desks/new", views.registering.register, name="register"),
    path("desks/<int:desk_id>", views.registering.register, name="desk"),
    path("desks/<int:desk_id>/replay", views.links.replay, name="replay"),
    path("desks/<int:desk_id>/pause", views.links.pause, name="pause"),
    path("desks/<int:desk_id>/resume", views.links.resume, name="resume"),
]
