"""Addresses of linkage."""

app_name = "linkage"
urlpatterns: list = []
