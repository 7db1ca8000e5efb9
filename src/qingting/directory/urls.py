"""Organisations, and what they work by."""

from django.urls import path

from qingting.directory.views import organisations, working_rules

app_name = "directory"
urlpatterns = [
    path("", organisations.home, name="home"),
    path("organisations/<int:organisation_id>", organisations.organisation, name="organisation"),
    path("organisations/<int:organisation_id>/add", organisations.add, name="add"),
    path("organisations/<int:organisation_id>/cover", organisations.cover, name="cover"),
    path("organisations/<int:organisation_id>/cover/set", organisations.set_cover, name="set-cover"),
    path("clocks", working_rules.clocks, name="clocks"),
    path("clocks/<str:kind>", working_rules.clock, name="clock"),
    path("clocks/<str:kind>/forget", working_rules.forget_clock, name="forget-clock"),
    path("calendar", working_rules.calendar, name="calendar"),
    path("lists", working_rules.lists, name="lists"),
    path("categories", working_rules.categories, name="categories"),
]
