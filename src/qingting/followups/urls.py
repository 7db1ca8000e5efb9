"""Addresses of following up. The rating link is short, since it travels by SMS; it carries a random token and nothing else."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from qingting.followups import views


class ActConverter(StringConverter):
    """One of the acts of a follow-up."""

    regex = "|".join(views.NAMES_OF_ACTS)


class ChangeConverter(StringConverter):
    """One of the acts of a tracking plan."""

    regex = "|".join(views.NAMES_OF_CHANGES)


register_converter(ActConverter, "follow_up_act")
register_converter(ChangeConverter, "tracking_act")

app_name = "followups"
urlpatterns = [
    path("follow-ups/", views.follow_up_list, name="list"),
    path("follow-ups/<int:follow_up_id>/", views.follow_up, name="follow-up"),
    path("follow-ups/<int:follow_up_id>/<follow_up_act:name>", views.act, name="act"),
    path("follow-ups/<int:follow_up_id>/call", views.call, name="call"),
    path("follow-ups/<int:follow_up_id>/other-desk/preview", views.preview_other_desk, name="preview-other-desk"),
    path("follow-ups/cases/<int:case_id>/panel", views.panel, name="panel"),
    path("follow-ups/cases/<int:case_id>/send-link", views.send_link, name="send-link"),
    path("follow-ups/cases/<int:case_id>/track", views.begin, name="begin"),
    path("follow-ups/rules/", views.rules, name="rules"),
    path("follow-ups/rules/<int:rule_id>/drop", views.drop_rule, name="drop-rule"),
    path("follow-ups/rules/<int:rule_id>/raise", views.raise_rule, name="raise-rule"),
    path("follow-ups/messages/", views.outbox, name="outbox"),
    path("follow-ups/plans/", views.plans, name="plans"),
    path("follow-ups/plans/<int:plan_id>/", views.plan, name="plan"),
    path("follow-ups/plans/<int:plan_id>/<tracking_act:name>", views.change, name="change"),
    path("r/<str:token>", views.rate, name="rate"),
]
