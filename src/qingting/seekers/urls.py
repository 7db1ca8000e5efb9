"""Addresses of seekers. They carry ids only."""

from django.urls import path

from qingting.seekers import views

app_name = "seekers"
urlpatterns = [
    path("", views.find, name="list"),
    path("<int:seeker_id>/", views.detail, name="detail"),
    path("looks", views.looks, name="looks"),
    path("<int:seeker_id>/same", views.same, name="same"),
    path("<int:seeker_id>/merging", views.merge, name="merge"),
    path("<int:seeker_id>/opening", views.open_file, name="open-file"),
    path("merges/<int:merge_id>/undoing", views.separate, name="separate"),
    path("<int:seeker_id>/vault", views.vault, name="vault"),
    path("<int:seeker_id>/data/<str:kind>", views.store, name="store"),
    path("<int:seeker_id>/consents", views.consent, name="consent"),
    path("consents/<int:consent_id>/withdrawal", views.withdraw, name="withdraw"),
    path("data/<int:datum_id>/unmasking", views.unmask, name="unmask"),
]
