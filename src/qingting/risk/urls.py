"""Addresses of assessments. They carry ids only."""

from django.urls import path

from qingting.risk import crisis_views, plan_views, views

app_name = "risk"
urlpatterns = [
    path("contacts/<int:contact_id>/crisis", crisis_views.crisis, name="crisis"),
    path("contacts/<int:contact_id>/steps", crisis_views.step, name="crisis-step"),
    path("contacts/<int:contact_id>/tasks", crisis_views.task, name="crisis-task"),
    path("contacts/<int:contact_id>/cssrs", crisis_views.cssrs, name="cssrs"),
    path("contacts/<int:contact_id>/plan", plan_views.plan, name="plan"),
    path("contacts/<int:contact_id>/plan/share", plan_views.share, name="share-plan"),
    path("contacts/<int:contact_id>/panel", views.panel, name="panel"),
    path("contacts/<int:contact_id>/proposal", views.propose, name="propose"),
    path("contacts/<int:contact_id>/draft", views.draft, name="draft"),
    path("contacts/<int:contact_id>/assessments", views.assess, name="assess"),
    path("contacts/<int:contact_id>/intervention", views.intervene, name="intervene"),
    path("assessments/<int:assessment_id>/whereabouts", views.whereabouts, name="whereabouts"),
]
