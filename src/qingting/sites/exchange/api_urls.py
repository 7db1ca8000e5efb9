"""The API for systems of the house."""

from django.urls import path

from qingting.sites.exchange import api_views

app_name = "api"
urlpatterns = [
    path("intake", api_views.intake, name="intake"),
    path("openapi.json", api_views.openapi, name="openapi"),
]
