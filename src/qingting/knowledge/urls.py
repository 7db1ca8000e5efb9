"""Addresses of the knowledge base at the workbench."""

from django.urls import path

from qingting.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("new", views.write, name="new"),
    path("reviews", views.reviews, name="reviews"),
    path("articles/<int:article_id>", views.article, name="article"),
    path("articles/<int:article_id>/write", views.write, name="write"),
    path("articles/<int:article_id>/retire", views.retire, name="retire"),
    path("articles/<int:article_id>/comments", views.comment, name="comment"),
    path("comments/<int:comment_id>/settle", views.settle, name="settle"),
    path("versions/<int:version_id>/submit", views.submit, name="submit"),
    path("versions/<int:version_id>/decide", views.decide, name="decide"),
    path("places", views.places, name="places"),
    path("places/new", views.enter_place, name="new-place"),
    path("places/<int:resource_id>", views.enter_place, name="place"),
    path("places/<int:resource_id>/confirm", views.confirm_place, name="confirm-place"),
    path("places/<int:resource_id>/retire", views.retire_place, name="retire-place"),
]
