"""Addresses of following up. The rating link is short, since it travels by SMS; it carries a random token and nothing else."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from qingting.followups import views


class ActConverter(StringConverter):
    """One of the acts of a follow-up."""

    regex = "|".join(views.NAMES_OF_ACTS)


register_converter(ActConverter, "follow_up_act")

app_name = "followups"
urlpatterns = [
    path("follow-ups/", views.follow_up_list, name="list"),
    path("follow-ups/<int:follow_up_id>/", views.follow_up, name="follow-up"),
    path("follow-ups/<int:follow_up_id>/<follow_up_act:name>", views.act, name="act"),
    path("follow-ups/cases/<int:case_id>/panel", views.panel, name="panel"),
    path("r/<str:token>", views.rate, name="rate"),
]
