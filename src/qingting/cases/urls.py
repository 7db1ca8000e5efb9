"""Addresses of cases. They carry ids only."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from qingting.cases import calling_views, views


class ActConverter(StringConverter):
    """One of the acts of a case."""

    regex = "|".join(views.NAMES_OF_ACTS)


register_converter(ActConverter, "case_act")

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("<int:case_id>/", views.case, name="case"),
    path("<int:case_id>/head", views.head, name="head"),
    path("<int:case_id>/timeline", views.timeline, name="timeline"),
    path("<int:case_id>/calling", calling_views.panel, name="calling"),
    path("<int:case_id>/call", calling_views.call, name="call"),
    path("<int:case_id>/<case_act:name>", views.act, name="act"),
    path("contacts/<int:contact_id>/panel", views.open_panel, name="open-panel"),
    path("contacts/<int:contact_id>/open", views.open_case, name="open"),
]
