"""Statistics."""

from django.urls import path

from qingting.statistics import views

app_name = "statistics"
urlpatterns = [path("", views.home, name="home")]
