"""Addresses of complaints. What strangers open carries a random token and nothing else."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from qingting.complaints import views


class ActConverter(StringConverter):
    """One of the acts of whoever deals with a complaint."""

    regex = "|".join(views.NAMES_OF_ACTS)


register_converter(ActConverter, "complaint_act")

app_name = "complaints"
urlpatterns = [
    path("complain/", views.complain, name="complain"),
    path("complain/r/<str:token>", views.after_rating, name="after-rating"),
    path("complain/p/<str:token>/", views.receipt, name="receipt"),
    path("complain/p/<str:token>/review", views.review, name="review"),
    path("complain/p/<str:token>/withdraw", views.withdraw, name="withdraw"),
    path("complaints/", views.complaint_list, name="list"),
    path("complaints/record", views.record, name="record"),
    path("complaints/<int:complaint_id>/", views.complaint, name="complaint"),
    path("complaints/<int:complaint_id>/<complaint_act:name>", views.act, name="act"),
]
