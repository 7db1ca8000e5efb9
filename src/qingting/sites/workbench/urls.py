"""Addresses of the shell's own pages."""

from django.urls import path

from qingting.sites.workbench import calls, journal, listening, people, recordings, seat, views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("cards/<slug:key>", views.card, name="card"),
    path("search", views.search, name="search"),
    path("bell", views.bell, name="bell"),
    path("push-token", views.push_token, name="push-token"),
    path("journal", journal.journal, name="journal"),
    path("journal/verify", journal.verify, name="verify-journal"),
    path("people/<int:seeker_id>/", people.person, name="person"),
    path("style", views.style, name="style"),
    path("calls/", calls.calls, name="calls"),
    path("calls/here", calls.here, name="calls-here"),
    path("calls/callbacks", calls.callbacks, name="callbacks"),
    path("calls/blocks", calls.blocks, name="blocks"),
    path("calls/<int:call_id>/", calls.call, name="call"),
    path("calls/<int:call_id>/sheet", calls.sheet, name="call-sheet"),
    path("calls/<int:call_id>/known", calls.known, name="call-known"),
    path("calls/<int:call_id>/recordings", recordings.recordings, name="call-recordings"),
    path("calls/<int:call_id>/listeners", listening.listeners, name="call-listeners"),
    path("calls/invitations/<int:invitation_id>", listening.invitation, name="listen-invitation"),
    path("calls/<int:call_id>/writing", calls.writing, name="call-writing"),
    path("calls/<int:call_id>/people", calls.people, name="call-people"),
    path("seat/", seat.seat, name="seat"),
    path("seat/<int:conversation_id>/", seat.seat_conversation, name="seat-conversation"),
    path("seat/<int:conversation_id>/way", seat.to_conversation, name="to-conversation"),
    path("seat/<int:conversation_id>/head", seat.seat_head, name="seat-head"),
]
