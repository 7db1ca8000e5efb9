"""Accounts, posts, sessions, notices."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.ids import new_id
from qingting.core.models import Row
from qingting.directory.models import Organisation


class Accounts(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A person who signs in. The second factor's secret is sealed with the vault's keys."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    failed_attempts = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    totp_secret = models.BinaryField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    theme = models.CharField(max_length=10, default="auto")

    objects = Accounts()

    USERNAME_FIELD = "username"


class RecoveryCode(models.Model):
    """One of ten one-time codes for when the phone is lost; only a digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)


class Post(models.Model):
    """A role held in an organisation for a time. The role decides what, the organisation decides whose."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    role = models.CharField(max_length=40)
    skills = ArrayField(models.CharField(max_length=20), default=list)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "organisation", "role", "valid_from"], name="staff_post_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="staff_post_ends_after_start",
            ),
        ]


class Session(models.Model):
    """A signed-in browser. The cookie holds a random token; here is only its digest."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    digest = models.BinaryField(unique=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    second_factor_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=120, blank=True)
    address_digest = models.BinaryField(null=True)


class Notice(Row):
    """Something to look at: told to one account, or to whoever holds a permission in the organisation."""

    account_id = models.BigIntegerField(null=True)
    permission = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    urgency = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    dedupe = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-created_at"], name="staff_notice_recent")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "dedupe"], condition=~models.Q(dedupe=""), name="staff_notice_once"
            )
        ]


class NoticeRead(models.Model):
    """Who has read which notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "account"], name="staff_notice_read_once")]
