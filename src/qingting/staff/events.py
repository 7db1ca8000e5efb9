"""What happens to accounts, sessions and posts. Ids and plain values only: no username, no name, no address."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent(Event):
    """Common to all events about one account; organisation_id is where it belongs or acts, 0 where it has no post."""

    subject: ClassVar[str] = "account_id"
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(AccountEvent):
    name: ClassVar[str] = "staff.signed-in"
    session_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(AccountEvent):
    """account_id is 0 where nobody has that username; reason: PASSWORD, SECOND_FACTOR, LOCKED, INACTIVE."""

    name: ClassVar[str] = "staff.sign-in-failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked(AccountEvent):
    name: ClassVar[str] = "staff.account-locked"
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(AccountEvent):
    name: ClassVar[str] = "staff.signed-out"
    session_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsRevoked(AccountEvent):
    name: ClassVar[str] = "staff.sessions-revoked"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorEnrolled(AccountEvent):
    name: ClassVar[str] = "staff.second-factor-enrolled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorReset(AccountEvent):
    name: ClassVar[str] = "staff.second-factor-reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(AccountEvent):
    name: ClassVar[str] = "staff.recovery-code-used"
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesRenewed(AccountEvent):
    name: ClassVar[str] = "staff.recovery-codes-renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(AccountEvent):
    name: ClassVar[str] = "staff.password-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset(AccountEvent):
    name: ClassVar[str] = "staff.password-reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSwitched(AccountEvent):
    """The person now acts for organisation_id."""

    name: ClassVar[str] = "staff.post-switched"
    session_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAdded(AccountEvent):
    name: ClassVar[str] = "staff.account-added"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeactivated(AccountEvent):
    name: ClassVar[str] = "staff.account-deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActivated(AccountEvent):
    name: ClassVar[str] = "staff.account-activated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAdded(AccountEvent):
    name: ClassVar[str] = "staff.post-added"
    post_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEnded(AccountEvent):
    name: ClassVar[str] = "staff.post-ended"
    post_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRaised(Event):
    """Somebody in the organisation should look at something; browsers refresh their list of notices."""

    name: ClassVar[str] = "staff.notice-raised"
    subject: ClassVar[str] = "notice_id"
    notice_id: int
    kind: str
    urgency: str
    subject_kind: str
    matter_id: int
    account_id: int = 0
    case_id: int = 0
