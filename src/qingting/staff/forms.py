"""What people fill in: signing in, their own account, and the accounts of their organisations."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.core.time import BEIJING
from qingting.directory.models import Organisation
from qingting.staff import selectors
from qingting.staff.roles import SKILLS
from qingting.staff.services import NewAccount, NewPost

_LONGEST_PASSWORD = 256


def refuse(form: forms.Form, error: DomainError) -> int:
    """Show a service's refusal above the form. Returns the status to answer with."""
    form.add_error(None, f"{error.message}{error.do_next}")
    return error.status


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=_LONGEST_PASSWORD, strip=False, widget=widget)


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = _password(_("密码"), "current-password")


class CodeForm(forms.Form):
    """Six digits of the authenticator."""

    code = forms.CharField(
        label=_("6位验证码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "code-input",
                "autofocus": True,
            }
        ),
    )


class AnyCodeForm(CodeForm):
    """Six digits, or a recovery code, which has letters: so the keyboard may not be digits only."""

    code = forms.CharField(
        label=_("6位验证码或备用码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "class": "code-input",
                "autofocus": True,
            }
        ),
    )


class PasswordForm(forms.Form):
    old = _password(_("原密码"), "current-password")
    new = _password(_("新密码"), "new-password")
    again = _password(_("再输一次新密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "new" in cleaned and cleaned["new"] != cleaned.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。"))
        return cleaned


class OwnPasswordForm(forms.Form):
    password = _password(_("当前密码"), "current-password")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class OrganisationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of organisations, each below the one it belongs to."""

    def label_from_instance(self, obj: Organisation) -> str:
        return "　" * (len(obj.path) - 1) + obj.short_name


class PostForm(forms.Form):
    """A role in one of the organisations of the administrator."""

    organisation = OrganisationField(label=_("单位"), queryset=Organisation.objects.none(), empty_label=_("请选择"))
    role = forms.ChoiceField(label=_("岗位"))
    skills = forms.MultipleChoiceField(
        label=_("接待技能"),
        required=False,
        choices=list(SKILLS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只影响坐席接入时的分配。"),
    )
    valid_from = forms.DateField(label=_("任期开始"), required=False, widget=_day(), help_text=_("不填表示从现在起。"))
    valid_to = forms.DateField(label=_("任期至"), required=False, widget=_day(), help_text=_("含当天；不填表示长期。"))

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("OrganisationField", self.fields["organisation"]).queryset = selectors.organisations_within(actor)
        roles = [(role.code, role.label) for role in selectors.appointable_roles(actor)]
        cast("forms.ChoiceField", self.fields["role"]).choices = [("", _("请选择")), *roles]

    def post(self, *, at: datetime) -> NewPost:
        """What was entered, with days turned into moments of Beijing time."""
        data = self.cleaned_data
        ends: date | None = data["valid_to"]
        return NewPost(
            organisation_id=data["organisation"].id,
            role=data["role"],
            skills=data["skills"],
            valid_from=max(_midnight(data["valid_from"]), at) if data["valid_from"] else at,
            valid_to=_midnight(ends + timedelta(days=1)) if ends else None,
        )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


class NewAccountForm(PostForm):
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        help_text=_("3到60个小写字母、数字、点、横线或下划线。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    display_name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("username", "display_name", "organisation", "role", "skills", "valid_from", "valid_to")

    def account(self, *, at: datetime) -> NewAccount:
        """What was entered about somebody new."""
        data = self.cleaned_data
        return NewAccount(username=data["username"], display_name=data["display_name"], post=self.post(at=at))
