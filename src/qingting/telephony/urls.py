"""The telephone, for staff. The softphone's websocket is `/telephony/sip`, answered outside of Django's handler."""

from django.urls import path

from qingting.telephony import views

app_name = "telephony"
urlpatterns = [
    path("account", views.account, name="account"),
    path("own-telephone", views.own_telephone, name="own-telephone"),
    path("mine", views.mine, name="mine"),
    path("here", views.here, name="here"),
    path("offers/<int:offer_id>/accept", views.accept, name="accept"),
    path("offers/<int:offer_id>/decline", views.decline, name="decline"),
    path("line/<int:entry_id>/take", views.take, name="take"),
    path("calls/<int:call_id>", views.one, name="call"),
    path("calls/<int:call_id>/known", views.known, name="known"),
    path("calls/<int:call_id>/about", views.about, name="about"),
    path("calls/<int:call_id>/act", views.act, name="act"),
    path("calls/<int:call_id>/invite", views.invite, name="invite"),
    path("calls/<int:call_id>/listen-in", views.listen_in, name="listen-in"),
    path("calls/<int:call_id>/danger", views.danger, name="danger"),
    path("calls/<int:call_id>/speaking", views.speaking, name="speaking"),
    path("calls/<int:call_id>/text-link", views.text_link, name="text-link"),
    path("calls/<int:call_id>/block", views.propose_block, name="propose-block"),
    path("calls/<int:call_id>/recordings", views.recordings, name="recordings"),
    path("calls/<int:call_id>/both/listen", views.listen_to_both, name="listen-to-both"),
    path("calls/<int:call_id>/both/sound", views.both, name="both"),
    path("recordings/<int:recording_id>/listen", views.listen, name="listen"),
    path("recordings/<int:recording_id>/sound", views.sound, name="sound"),
    path("recordings/<int:recording_id>/hold", views.hold_recording, name="hold-recording"),
    path("acts/<int:act_id>", views.act_result, name="act-result"),
    path("tasks", views.tasks, name="tasks"),
    path("tasks/<int:task_id>/call", views.call_back, name="call-back"),
    path("tasks/<int:task_id>/close", views.close_task, name="close-task"),
    path("blocks/<int:block_id>/agree", views.agree_to_block, name="agree-to-block"),
    path("blocks/<int:block_id>/lift", views.lift_block, name="lift-block"),
]
