"""Addresses of assistance."""

from django.urls import path

from qingting.assistance.views import aid, legal

app_name = "assistance"
urlpatterns = [
    path("", aid.overview, name="list"),
    path("export", aid.export, name="export"),
    path("cases/<int:case_id>/panel", aid.panel, name="panel"),
    path("cases/<int:case_id>/apply", aid.apply, name="apply"),
    path("people/<int:seeker_id>", aid.person, name="person"),
    path("<int:application_id>", aid.application, name="application"),
    path("<int:application_id>/check", aid.check, name="check"),
    path("<int:application_id>/approve", aid.approve, name="approve"),
    path("<int:application_id>/refuse", aid.refuse, name="refuse"),
    path("<int:application_id>/withdraw", aid.withdraw, name="withdraw"),
    path("<int:application_id>/pay", aid.pay, name="pay"),
    path("entries/<int:entry_id>/reverse", aid.reverse_payment, name="reverse"),
    path("<int:application_id>/close", aid.close, name="close"),
    path("lawyers", legal.lawyers, name="lawyers"),
    path("lawyers/enrol", legal.enrol, name="enrol"),
    path("lawyers/<int:lawyer_id>/change", legal.change, name="change-lawyer"),
    path("rates", legal.rates, name="rates"),
    path("rates/set", legal.set_rate, name="set-rate"),
    path("<int:application_id>/assign", legal.assign, name="assign"),
    path("<int:application_id>/services", legal.note_service, name="note-service"),
    path("services/<int:service_id>/strike", legal.strike_service, name="strike-service"),
    path("<int:application_id>/report", legal.report, name="report"),
    path("<int:application_id>/report/print", legal.paper, name="paper"),
    path("<int:application_id>/report/save", legal.save_report, name="save-report"),
    path("<int:application_id>/report/submit", legal.submit_report, name="submit-report"),
    path("<int:application_id>/report/return", legal.return_report, name="return-report"),
    path("<int:application_id>/report/accept", legal.accept_report, name="accept-report"),
]
