"""Sign-in and the account's own pages."""

from django.http import HttpResponse
from django.urls import path

from qingting.core.access import open_to_all

app_name = "staff"
urlpatterns = [path("sign-in", open_to_all("sign-in")(lambda request: HttpResponse("…")), name="sign-in")]
