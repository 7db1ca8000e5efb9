"""Addresses of the knowledge base at the workbench."""

from django.urls import path

from qingting.knowledge.views import articles as views
from qingting.knowledge.views import imports, places

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
    path("places", places.places, name="places"),
    path("places/confirm", places.confirm_places, name="confirm-places"),
    path("places/beside", places.beside, name="beside"),
    path("places/export", places.export, name="export-places"),
    path("places/import", imports.bring, name="import-places"),
    path("places/import/example", imports.example, name="import-example"),
    path("places/import/<int:import_id>", imports.table, name="import"),
    path("places/import/<int:import_id>/write", imports.write, name="write-import"),
    path("places/import/<int:import_id>/drop", imports.drop, name="drop-import"),
    path("places/import/<int:import_id>/undo", imports.undo, name="undo-import"),
    path("places/new", places.enter_place, name="new-place"),
    path("places/<int:resource_id>", places.enter_place, name="place"),
    path("places/<int:resource_id>/confirm", places.confirm_place, name="confirm-place"),
    path("places/<int:resource_id>/retire", places.retire_place, name="retire-place"),
]
