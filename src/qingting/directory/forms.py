"""What an administrator fills in about organisations, clocks and working days."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qingting.core.errors import DomainError
from qingting.directory import rules, selectors
from qingting.directory.models import Organisation
from qingting.directory.services import ClockSetting, NewOrganisation
from qingting.directory.states import DivisionLevel, OrganisationKind, PartnerKind

_LONGEST_CLOCK = 60 * 24 * 366  # minutes: nothing that a person waits for takes longer than a year


def refuse(form: forms.Form, error: DomainError) -> int:
    """Show a service's refusal above the form. Returns the status to answer with."""
    form.add_error(None, f"{error.message}{error.do_next}")
    return error.status


class NamesForm(forms.Form):
    """What may change about an organisation: its names, its telephone, whether it is in use."""

    name = forms.CharField(label=_("全称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=40, help_text=_("列表和提示里用的名字。"))
    phone = forms.CharField(
        label=_("值班电话"),
        max_length=30,
        required=False,
        help_text=_("联动不通时，坐席会看到这个号码。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    active = forms.BooleanField(label=_("在用"), required=False)

    @classmethod
    def of(cls, organisation: Organisation, data: Any = None) -> "NamesForm":
        """The form as the organisation stands."""
        fields = ("name", "short_name", "phone", "active")
        return cls(data, initial={name: getattr(organisation, name) for name in fields})


class NewOrganisationForm(forms.Form):
    """A new organisation below one that is there."""

    kind = forms.ChoiceField(label=_("类型"))
    name = forms.CharField(label=_("全称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False, help_text=_("不填则与全称相同。"))
    division_code = forms.CharField(
        label=_("行政区划代码"),
        max_length=6,
        required=False,
        help_text=_("六位国标代码，如 440106（广州市天河区）。工单按它找到承办单位。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    partner_kind = forms.ChoiceField(
        label=_("联动单位类别"),
        required=False,
        choices=[("", _("不是联动单位")), *PartnerKind.choices],
        help_text=_("只有“联动单位”需要选择。"),
    )
    phone = forms.CharField(label=_("值班电话"), max_length=30, required=False)

    def __init__(self, *args: Any, parent: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        above = OrganisationKind(parent.kind)
        kinds = [(kind.value, kind.label) for kind in OrganisationKind if rules.may_stand_below(kind, above)]
        cast("forms.ChoiceField", self.fields["kind"]).choices = [("", _("请选择")), *kinds]

    def clean_division_code(self) -> str:
        code: str = self.cleaned_data["division_code"].strip()
        if code and not selectors.division_is_known(code):
            raise forms.ValidationError(_("没有这个行政区划代码。"))
        return code

    def details(self) -> NewOrganisation:
        """What was entered."""
        data = self.cleaned_data
        return NewOrganisation(**{**data, "kind": OrganisationKind(data["kind"])})


class CoverForm(forms.Form):
    """Which provinces a regional centre overlays."""

    provinces = forms.MultipleChoiceField(label=_("覆盖的省份"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        provinces = selectors.divisions_below(None).filter(level=DivisionLevel.PROVINCE)
        cast("forms.MultipleChoiceField", self.fields["provinces"]).choices = list(
            provinces.values_list("code", "name")
        )


class ClockForm(forms.Form):
    """How long one kind of clock runs here and below."""

    minutes = forms.IntegerField(label=_("时限（分钟）"), min_value=1, max_value=_LONGEST_CLOCK)
    warn_minutes_before = forms.IntegerField(label=_("提前多少分钟预警"), min_value=0, max_value=_LONGEST_CLOCK)
    escalate_minutes = forms.IntegerField(label=_("超时后每隔多少分钟上报一级"), min_value=1, max_value=_LONGEST_CLOCK)
    working_time = forms.BooleanField(
        label=_("只算工作时间"), required=False, help_text=_("工作日 9:00–18:00，节假日和调休按工作日历。")
    )
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和条款，便于检查时说明。"))

    def setting(self) -> ClockSetting:
        """What was entered."""
        return ClockSetting(**self.cleaned_data)


class CalendarDayForm(forms.Form):
    """One day that differs from the published calendar."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    works = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("off", _("放假")), ("on", _("上班"))],
        coerce=lambda value: value == "on",
    )
    reason = forms.CharField(label=_("依据"), max_length=100, help_text=_("如：省政府关于某日放假的通知。"))
