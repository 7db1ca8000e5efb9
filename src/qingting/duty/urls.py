"""Presence and the waiting line."""

from django.urls import path

from qingting.duty import views

app_name = "duty"
urlpatterns = [
    path("presence", views.presence, name="presence"),
    path("presence/set", views.set_presence, name="set-presence"),
    path("presence/heartbeat", views.heartbeat, name="heartbeat"),
    path("offers", views.offers, name="offers"),
    path("line", views.line, name="line"),
    path("room/", views.room, name="room"),
    path("room/seats", views.seats, name="seats"),
]
