"""Addresses of assistance."""

from django.urls import path

from qingting.assistance import views

app_name = "assistance"
urlpatterns = [
    path("", views.overview, name="list"),
    path("export", views.export, name="export"),
    path("cases/<int:case_id>/panel", views.panel, name="panel"),
    path("cases/<int:case_id>/apply", views.apply, name="apply"),
    path("people/<int:seeker_id>", views.person, name="person"),
    path("<int:application_id>", views.application, name="application"),
    path("<int:application_id>/check", views.check, name="check"),
    path("<int:application_id>/approve", views.approve, name="approve"),
    path("<int:application_id>/refuse", views.refuse, name="refuse"),
    path("<int:application_id>/withdraw", views.withdraw, name="withdraw"),
    path("<int:application_id>/pay", views.pay, name="pay"),
    path("entries/<int:entry_id>/reverse", views.reverse_payment, name="reverse"),
    path("<int:application_id>/close", views.close, name="close"),
]
