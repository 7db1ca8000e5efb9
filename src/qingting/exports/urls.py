"""Addresses of exports. They carry ids only."""

from django.urls import path

from qingting.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="list"),
    path("prepare", views.prepare, name="prepare"),
    path("ask", views.ask, name="ask"),
    path("<int:export_id>/", views.export, name="export"),
    path("<int:export_id>/approve", views.approve, name="approve"),
    path("<int:export_id>/refuse", views.refuse, name="refuse"),
    path("<int:export_id>/cancel", views.cancel, name="cancel"),
    path("<int:export_id>/file", views.download, name="download"),
]
