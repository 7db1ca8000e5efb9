"""Sign-in, one's own account, notices, and the administration of accounts."""

from django.urls import path

from qingting.staff.views import own, people, steps

app_name = "staff"
urlpatterns = [
    path("sign-in", steps.sign_in, name="sign-in"),
    path("second-factor", steps.second_factor, name="second-factor"),
    path("enrol", steps.enrol, name="enrol"),
    path("password", steps.password, name="password"),
    path("posts", steps.posts, name="posts"),
    path("posts/switch", steps.switch_post, name="switch-post"),
    path("sign-out", steps.sign_out, name="sign-out"),
    path("", own.account, name="account"),
    path("sessions/<int:session_id>/revoke", own.revoke_session, name="revoke-session"),
    path("sessions/revoke-others", own.revoke_others, name="revoke-others"),
    path("recovery-codes", own.recovery_codes, name="recovery-codes"),
    path("notices", own.notices, name="notices"),
    path("notices/read", own.read_all_notices, name="read-all-notices"),
    path("notices/<int:notice_id>/read", own.read_notice, name="read-notice"),
    path("people", people.people, name="people"),
    path("people/add", people.add_person, name="add-person"),
    path("people/<int:account_id>", people.person, name="person"),
    path("people/<int:account_id>/reset-second-factor", people.reset_second_factor, name="reset-second-factor"),
    path("people/<int:account_id>/reset-password", people.reset_password, name="reset-password"),
    path("people/<int:account_id>/deactivate", people.deactivate, name="deactivate"),
    path("people/<int:account_id>/activate", people.activate, name="activate"),
    path("posts/<int:post_id>/end", people.end_post, name="end-post"),
]
