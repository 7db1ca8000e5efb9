"""Addresses of the seekers' site."""

from django.urls import path

from qingting.sites.portal import views

app_name = "portal"
urlpatterns = [path("", views.home, name="home")]
