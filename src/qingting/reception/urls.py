"""Addresses of the door at the workbench. The link on phones stands at the root (see `config.urls`)."""

from django.urls import path

from qingting.reception import views

app_name = "reception"
urlpatterns = [
    path("", views.home, name="home"),
    path("attended", views.attended, name="attended"),
    path("talks/<int:conversation_id>/take", views.take, name="take"),
    path("left", views.left_list, name="left-list"),
    path("left/<int:left_id>", views.left, name="left"),
    path("left/<int:left_id>/answer", views.answer_left, name="answer-left"),
    path("left/<int:left_id>/erase", views.erase, name="erase"),
    path("left/<int:left_id>/number", views.number, name="number"),
    path("alerts", views.alerts, name="alerts"),
    path("alerts/<int:alert_id>", views.alert, name="alert"),
    path("setting", views.setting, name="setting"),
    path("setting/watch", views.watch, name="watch"),
    path("targets", views.targets, name="targets"),
    path("targets/<int:target_id>/remove", views.remove_target, name="remove-target"),
    path("targets/<int:target_id>/try", views.try_target, name="try-target"),
]
