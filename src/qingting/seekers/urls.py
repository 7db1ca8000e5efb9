"""Addresses of seekers. They carry ids only."""

from django.urls import path

from qingting.seekers import views

app_name = "seekers"
urlpatterns = [
    path("", views.find, name="list"),
    path("<int:seeker_id>/", views.detail, name="detail"),
    path("<int:seeker_id>/vault", views.vault, name="vault"),
    path("<int:seeker_id>/data/<str:kind>", views.store, name="store"),
    path("<int:seeker_id>/consents", views.consent, name="consent"),
    path("consents/<int:consent_id>/withdrawal", views.withdraw, name="withdraw"),
    path("data/<int:datum_id>/unmasking", views.unmask, name="unmask"),
]
