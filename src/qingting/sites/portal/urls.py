"""Addresses of the seekers' site."""

from django.urls import path

from qingting.sites.portal import (
    by_link,
    call_views,
    chat_views,
    help_views,
    languages,
    left_views,
    self_help_views,
    views,
)

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("language/<slug:code>", languages.choose, name="language"),
    path("chat/", chat_views.entrance, name="chat"),
    path("chat/w/<str:token>", by_link.by_link, name="by-link"),
    path("chat/start", chat_views.start, name="start"),
    path("chat/talk", chat_views.talk, name="talk"),
    path("chat/say", chat_views.say, name="say"),
    path("chat/api/state", chat_views.state, name="state"),
    path("chat/api/messages", chat_views.messages, name="messages"),
    path("chat/api/read", chat_views.read, name="read"),
    path("chat/api/typing", chat_views.typing, name="typing"),
    path("chat/api/push-token", chat_views.push_token, name="push-token"),
    path("chat/end", chat_views.end, name="end"),
    path("leave-message", left_views.leave, name="leave-message"),
    path("call/", call_views.entrance, name="call"),
    path("call/api/account", call_views.account, name="call-account"),
    path("call/api/state", call_views.state, name="call-state"),
    path("self-help/", self_help_views.index, name="self-help"),
    path("self-help/worker.js", self_help_views.worker, name="self-help-worker"),
    path("self-help/do/<slug:code>", self_help_views.module, name="self-help-module"),
    path("self-help/check/<slug:code>", self_help_views.scale, name="self-help-scale"),
    path("self-help/check/<slug:code>/talk", self_help_views.take_along, name="self-help-take-along"),
    path("help/", help_views.shelves, name="help"),
    path("help/search", help_views.search, name="help-search"),
    path("help/places", help_views.places, name="help-places"),
    path("help/<int:article_id>", help_views.article, name="help-article"),
    path("help/<int:article_id>/feedback", help_views.feedback, name="help-feedback"),
]
