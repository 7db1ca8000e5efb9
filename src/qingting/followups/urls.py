"""Addresses of following up."""

from django.http import HttpResponse
from django.urls import path

from qingting.core.access import open_to_all

app_name = "followups"
urlpatterns = [path("r/<str:token>", open_to_all("rating")(lambda request, token: HttpResponse()), name="rate")]
