"""Addresses of orders. They carry ids only."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from qingting.orders import views


class ActConverter(StringConverter):
    """One of the acts of an order."""

    regex = "|".join(views.NAMES_OF_ACTS)


register_converter(ActConverter, "order_act")

app_name = "orders"
urlpatterns = [
    path("", views.order_list, name="list"),
    path("search", views.search, name="search"),
    path("views", views.save_view, name="save-view"),
    path("views/<int:view_id>/drop", views.drop_view, name="drop-view"),
    path("wall", views.wall, name="wall"),
    path("hub", views.hub, name="hub"),
    path("supervised", views.supervised, name="supervised"),
    path("bulk/choose", views.choose, name="choose"),
    path("bulk", views.plan, name="plan"),
    path("bulk/<int:bulk_id>/", views.bulk, name="bulk"),
    path("bulk/<int:bulk_id>/confirm", views.confirm, name="confirm-bulk"),
    path("bulk/<int:bulk_id>/undo", views.undo, name="undo-bulk"),
    path("catalogues", views.catalogues, name="catalogues"),
    path("catalogues/<int:catalogue_id>/", views.catalogue, name="catalogue"),
    path("catalogues/<int:catalogue_id>/try", views.try_catalogue, name="try-catalogue"),
    path("catalogues/<int:catalogue_id>/activate", views.activate, name="activate-catalogue"),
    path("catalogues/<int:catalogue_id>/drop", views.drop_catalogue, name="drop-catalogue"),
    path("catalogues/<int:catalogue_id>/lines", views.add_line, name="add-line"),
    path("catalogues/<int:catalogue_id>/lines/<int:line_id>/drop", views.drop_line, name="drop-line"),
    path("catalogues/<int:catalogue_id>/lines/<int:line_id>/raise", views.raise_line, name="raise-line"),
    path("<int:order_id>/", views.order, name="order"),
    path("<int:order_id>/body", views.body, name="body"),
    path("<int:order_id>/<order_act:name>", views.act, name="act"),
    path("cases/<int:case_id>/panel", views.draft_panel, name="draft-panel"),
    path("cases/<int:case_id>/send", views.send, name="send"),
]
