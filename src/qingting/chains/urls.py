"""Addresses of chains."""

from django.urls import path

from qingting.chains.views import acts, drills, pages

app_name = "chains"
urlpatterns = [
    path("", pages.overview, name="list"),
    path("cases/<int:case_id>/begin", pages.begin, name="begin"),
    path("cases/<int:case_id>/preview", pages.preview, name="preview"),
    path("cases/<int:case_id>/panel", pages.panel, name="panel"),
    path("drills/begin", drills.begin, name="begin-drill"),
    path("<int:chain_id>/report", drills.report, name="report"),
    path("told/<int:seeker_id>", pages.told, name="told"),
    path("<int:chain_id>", pages.chain, name="chain"),
    path("<int:chain_id>/facts", pages.facts, name="facts"),
    path("<int:chain_id>/acts/<str:code>", acts.act, name="act"),
    path("<int:chain_id>/again/<int:desk_id>", acts.again, name="again"),
]
