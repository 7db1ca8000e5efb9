"""Conversations, for staff."""

from django.urls import path

from qingting.chat import views

app_name = "chat"
urlpatterns = [
    path("offers/<int:offer_id>/accept", views.accept, name="accept"),
    path("offers/<int:offer_id>/decline", views.decline, name="decline"),
    path("line/<int:entry_id>/take", views.take, name="take"),
    path("mine", views.mine, name="mine"),
    path("here", views.here, name="here"),
    path("<int:conversation_id>/about", views.about, name="about"),
    path("<int:conversation_id>/messages", views.messages, name="messages"),
    path("<int:conversation_id>/read", views.read, name="read"),
    path("<int:conversation_id>/typing", views.typing, name="typing"),
    path("<int:conversation_id>/end", views.end, name="end"),
    path("<int:conversation_id>/join", views.join, name="join"),
    path("<int:conversation_id>/leave", views.leave, name="leave"),
    path("<int:conversation_id>/invite", views.invite, name="invite"),
    path("invitations/<int:invitation_id>", views.invitation, name="invitation"),
    path("<int:conversation_id>/handover", views.handover, name="handover"),
    path("<int:conversation_id>/handover/offer", views.offer_handover, name="offer-handover"),
    path("<int:conversation_id>/transcript", views.transcript, name="transcript"),
    path("handovers/<int:handover_id>/accept", views.accept_handover, name="accept-handover"),
    path("handovers/<int:handover_id>/end", views.end_handover, name="end-handover"),
    path("<int:conversation_id>/danger", views.danger, name="danger"),
    path("messages/<int:message_id>/missed", views.missed, name="missed"),
    path("signs/<int:sign_id>/correct", views.correct, name="correct"),
]
