"""Every write of staff."""

from qingting.staff.services.accounts import (
    NewAccount,
    NewPost,
    activate_account,
    add_account,
    add_post,
    deactivate_account,
    end_post,
    reset_password,
    reset_second_factor,
)
from qingting.staff.services.notices import (
    News,
    mark_all_read,
    mark_read,
    mark_seen,
    notify_account,
    notify_all,
    notify_holders,
)
from qingting.staff.services.own_account import change_password, renew_recovery_codes
from qingting.staff.services.sessions import choose_post, revoke_others, revoke_session, sign_out
from qingting.staff.services.sign_in import (
    Browser,
    begin_sign_in,
    confirm_enrolment,
    pass_second_factor,
    start_enrolment,
)
from qingting.staff.services.vault import rotate_secrets

__all__ = [
    "Browser",
    "NewAccount",
    "NewPost",
    "News",
    "activate_account",
    "add_account",
    "add_post",
    "begin_sign_in",
    "change_password",
    "choose_post",
    "confirm_enrolment",
    "deactivate_account",
    "end_post",
    "mark_all_read",
    "mark_read",
    "mark_seen",
    "notify_account",
    "notify_all",
    "notify_holders",
    "pass_second_factor",
    "renew_recovery_codes",
    "reset_password",
    "reset_second_factor",
    "revoke_others",
    "revoke_session",
    "rotate_secrets",
    "sign_out",
    "start_enrolment",
]
