"""What people fill in: choices beside words. The services check again; these say what is missing beside the field."""

import json
from typing import Any

from django import forms

from qingting.core.actors import Actor
from qingting.directory.models import Organisation
from qingting.linkage import selectors
from qingting.linkage.disclosure import Wish
from qingting.linkage.models import Desk
from qingting.linkage.permissions import REGISTER_HOUSE
from qingting.linkage.services import Answer, NewDesk, Referral
from qingting.linkage.states import Manner


class HandOffForm(forms.Form):
    """The one click, with what goes along."""

    item = forms.IntegerField(min_value=1, max_value=99)
    words = forms.CharField(required=False, max_length=1500)
    with_phone = forms.BooleanField(required=False)
    positioning = forms.BooleanField(required=False)

    def wish(self) -> Wish:
        """What the person decided."""
        said = self.cleaned_data
        return Wish(said["words"], said["with_phone"], said["positioning"])


class WordsForm(forms.Form):
    """Words alone, or words with the code of a reason, stage or outcome."""

    words = forms.CharField(required=False, max_length=2000)
    code = forms.CharField(required=False, max_length=20)


class ReferralForm(forms.Form):
    """转介: kind and desk in one choice (`CODE:desk id`), urgency, words, what goes along, who agreed."""

    kind = forms.CharField(max_length=60)
    urgency = forms.CharField(max_length=10, required=False)
    words = forms.CharField(max_length=1500, required=False)
    with_phone = forms.BooleanField(required=False)
    agreed = forms.CharField(max_length=10, required=False)

    def referral(self) -> Referral:
        """What the person decided; the service checks it."""
        said = self.cleaned_data
        code, _, desk = said.get("kind", "").partition(":")
        wish = Wish(said.get("words", ""), said.get("with_phone", False))
        desk_id = int(desk) if desk.isascii() and desk.isdigit() else 0
        return Referral(code, said.get("urgency") or "ROUTINE", wish, said.get("agreed", ""), desk_id)


_YES_NO = {"yes": True, "no": False}


class AnswerForm(forms.Form):
    """What another organisation's person answers."""

    act = forms.CharField(max_length=12)
    code = forms.CharField(max_length=20, required=False)
    words = forms.CharField(max_length=2000, required=False)
    number = forms.CharField(max_length=40, required=False)
    reached = forms.CharField(max_length=5, required=False)
    found = forms.CharField(max_length=12, required=False)
    condition = forms.CharField(max_length=12, required=False)
    wants_help = forms.CharField(max_length=5, required=False)

    def answer(self) -> Answer:
        """The answer as typed; what is too long is left out, and the service then says what is missing."""
        self.is_valid()
        said = self.cleaned_data
        return Answer(
            act=said.get("act", ""),
            code=said.get("code", ""),
            words=said.get("words", ""),
            number=said.get("number", ""),
            reached=_YES_NO.get(said.get("reached", "")),
            found=said.get("found", ""),
            condition=said.get("condition", ""),
            wants_help=_YES_NO.get(said.get("wants_help", "")),
        )


class DeskForm(forms.Form):
    """登记对接方. The public key set is pasted as the other side published it (`<desk>.pub.json`)."""

    partner = forms.ModelChoiceField(Organisation.objects.none(), label="单位")
    manner = forms.ChoiceField(label="对接方式", choices=Manner.choices)
    code = forms.CharField(label="代号", max_length=63, help_text="双方约定，例如 desk-12345；小写字母、数字和“-”")
    phone = forms.CharField(label="电话", max_length=30, help_text="系统中断或逾期未签收时拨打")
    url = forms.CharField(
        label="系统地址", max_length=200, required=False, help_text="系统对接时填写，例如 https://desk.example.gov.cn"
    )
    keys = forms.CharField(
        label="对方公钥",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text="系统对接时填写：粘贴对方提供的 .pub.json 文件内容；更换密钥时重新粘贴",
    )
    region = forms.CharField(
        label="服务的行政区划", max_length=6, required=False, help_text="空着时按单位所在地；全国填 100000"
    )
    regions = forms.CharField(
        label="对方平台上的团组织",
        max_length=300,
        required=False,
        help_text="对方也是12355平台时填写，用于跨省转介：各省的行政区划代码，用空格隔开；团中央填 100000",
    )

    def __init__(self, *args: Any, actor: Actor, desk: Desk | None, **more: Any) -> None:
        more.setdefault("initial", _as_typed(desk) if desk else {})
        super().__init__(*args, **more)
        self.actor, self.desk = actor, desk
        choices: forms.ModelChoiceField[Organisation] = self.fields["partner"]  # type: ignore[assignment]
        choices.queryset = selectors.who_may_run_a_desk(actor)
        choices.label_from_instance = lambda obj: obj.name  # type: ignore[method-assign]
        if desk:
            self.fields["code"].disabled = True
        if not actor.may(REGISTER_HOUSE):
            del self.fields["regions"]

    def clean_keys(self) -> tuple[dict[str, str], ...]:
        """The key set as `Desk.public_keys`."""
        text = self.cleaned_data["keys"].strip()
        if not text:
            return ()
        try:
            read = json.loads(text)
            keys = read["keys"] if isinstance(read, dict) else read
            return tuple({str(name): str(value) for name, value in dict(key).items()} for key in keys)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise forms.ValidationError("不是公钥文件的内容") from error

    def clean_region(self) -> str:
        """Six digits, or nothing."""
        code: str = self.cleaned_data["region"].strip()
        if code and not (len(code) == 6 and code.isascii() and code.isdigit() and code[0] != "0"):
            raise forms.ValidationError("应为6位行政区划代码")
        return code

    def clean_regions(self) -> tuple[str, ...]:
        """Codes, however they were set apart; the service says what is wrong with them."""
        return tuple(self.cleaned_data["regions"].replace("，", " ").replace(",", " ").split())

    def new_desk(self) -> NewDesk:
        """What was entered; the station is the one that answers to the desk already, or the actor's own."""
        said = self.cleaned_data
        return NewDesk(
            code=said["code"],
            station=selectors.station_for(self.actor, self.desk),
            partner=said["partner"],
            phone=said["phone"],
            url=said["url"].strip(),
            manner=said["manner"],
            keys=said["keys"],
            key_file=self.desk.key_file if self.desk else "",
            region=said["region"],
            regions=said.get("regions", tuple(self.desk.regions) if self.desk else ()),
        )


def _as_typed(desk: Desk) -> dict[str, Any]:
    keys = json.dumps({"keys": desk.public_keys}, ensure_ascii=False, indent=2) if desk.public_keys else ""
    same = {name: getattr(desk, name) for name in ("manner", "code", "phone", "url")}
    return {
        **same,
        "partner": desk.partner_id,
        "keys": keys,
        "region": desk.region_code,
        "regions": " ".join(desk.regions),
    }
