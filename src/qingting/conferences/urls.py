"""Addresses of conferences."""

from django.urls import path

from qingting.conferences.views import acts, letters, pages

app_name = "conferences"
urlpatterns = [
    path("", pages.overview, name="list"),
    path("cases/<int:case_id>/convene", pages.convene, name="convene"),
    path("cases/<int:case_id>/panel", pages.panel, name="panel"),
    path("told/<int:seeker_id>", pages.told, name="told"),
    path("<int:conference_id>", pages.conference, name="conference"),
    path("decisions/<int:decision_id>", pages.decision, name="decision"),
    path("<int:conference_id>/reply", acts.reply, name="reply"),
    path("seats/<int:seat_id>/reply", acts.reply_by_hand, name="reply-by-hand"),
    path("<int:conference_id>/invite", acts.invite, name="invite"),
    path("<int:conference_id>/change", acts.change, name="change"),
    path("<int:conference_id>/record", acts.record, name="record"),
    path("<int:conference_id>/decide", acts.decide, name="decide"),
    path("decisions/<int:decision_id>/waive", acts.waive, name="waive"),
    path("<int:conference_id>/cancel", acts.cancel, name="cancel"),
    path("<int:conference_id>/close", acts.close, name="close"),
    path("seats/<int:seat_id>/letter", letters.letter, name="letter"),
    path("letters/<str:token>", letters.reply, name="letter-reply"),
]
