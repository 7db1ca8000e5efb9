"""Where machines call. The protocol's own paths: whatever stands below is answered, signed, by the receiver."""

from django.urls import path

from qingting.sites.exchange import views

app_name = "exchange"
urlpatterns = [
    path("v1/<path:rest>", views.deskwire, name="deskwire"),
]
