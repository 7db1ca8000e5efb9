"""Addresses of contact records. They carry ids and codes only."""

from django.urls import path

from qingting.contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.contact_list, name="list"),
    path("new", views.new, name="new"),
    path("divisions", views.divisions, name="divisions"),
    path("<int:contact_id>/", views.detail, name="detail"),
    path("<int:contact_id>/panel", views.panel, name="panel"),
    path("<int:contact_id>/draft", views.draft, name="draft"),
    path("<int:contact_id>/save", views.save, name="save"),
    path("<int:contact_id>/risk-level", views.risk_field, name="risk-field"),
    path("<int:contact_id>/danger", views.danger, name="danger"),
    path("<int:contact_id>/separating", views.separate, name="separate"),
    path("<int:contact_id>/vault", views.vault, name="vault"),
    path("<int:contact_id>/vault/start", views.start_vault, name="start-vault"),
]
