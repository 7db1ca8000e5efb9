"""Calling 110, 120 or a guardian from a case: who may, whom there is to call, and the warning where a guardian may be the danger.

The telephone room dials and says what came of it; numbers come from the vault and are seen by nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.cases.models import Case
from qingting.cases.permissions import CLOSE, OPEN
from qingting.cases.selectors import case_of
from qingting.cases.states import CaseState
from qingting.chat.models import DangerSign
from qingting.contacts.models import Contact
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.directory.states import Urgency
from qingting.seekers.models import PersonalDatum
from qingting.seekers.services import number_to_call
from qingting.seekers.states import DatumKind
from qingting.staff.selectors import display_names
from qingting.telephony.models import Call, CallAct, KeyQuestion, OutsideCall
from qingting.telephony.permissions import TALK
from qingting.telephony.selectors import my_calls
from qingting.telephony.services import Outside, ask_outside
from qingting.telephony.states import OutsideParty, Question

# Where one of these is the matter, whoever lives with the young person may be the one who hurts them.
AT_HOME = frozenset(
    {
        "FAMILY_VIOLENCE",
        "FAMILY_NEGLECT",
        "RIGHTS_ABUSE",
        "RIGHTS_SEXUAL_ASSAULT",
        "RIGHTS_TRAFFICKING",
        "RIGHTS_BEGGING",
    }
)
AT_HOME_SIGNS = frozenset({"family_violence", "sexual_assault", "abandoned", "missing_trafficked", "begging_forced"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who can be called. end: the last digits of a number that is kept; warns: ask before; why_not: '' if it can be."""

    party: str
    label: str
    end: str = ""
    warns: bool = False
    why_not: str = ""


def may_call(actor: Actor, case: Case) -> bool:
    """Counsellors with a telephone, of the case's own organisation, while it is open."""
    own = case.organisation_id
    return case.state == CaseState.OPEN and actor.may(TALK, own) and (actor.may(OPEN, own) or actor.may(CLOSE, own))


def choices(case: Case) -> list[Choice]:
    """110 and 120 always; a guardian where a number is kept."""
    kept = PersonalDatum.objects.filter(seeker_id=case.seeker_id or 0, kind=DatumKind.GUARDIAN_PHONE, replaced_at=None)
    guardian = kept.first()
    return [
        Choice(OutsideParty.POLICE_110, "110"),
        Choice(OutsideParty.AMBULANCE, "120"),
        Choice(
            OutsideParty.GUARDIAN,
            str(OutsideParty.GUARDIAN.label),
            end=guardian.tail if guardian else "",
            warns=guardian_may_harm(case),
            why_not="" if guardian else "没有登记监护人电话。需要时先在【个人信息】里登记。",
        ),
    ]


def call_about(actor: Actor, case: Case) -> Call | None:
    """The call in hand, where it is about this case: into no other call is anybody brought from here."""
    call = my_calls(actor).first()
    if call is None:
        return None
    own = Contact.objects.filter(pk=case.contact_id, call_id=call.pk).exists()
    return call if own or call.case_id == case.pk else None


def guardian_may_harm(case: Case) -> bool:
    """Whether anything says that the danger is at home: the case's category, a sign of danger in the talk, a key that the
    caller pressed because whoever hurts them stood beside."""
    if case.category in AT_HOME:
        return True
    signs = DangerSign.objects.filter(conversation_id=case.conversation_id or 0, type__in=AT_HOME_SIGNS)
    if signs.exclude(corrected_level="NONE").exists():
        return True
    call = Contact.objects.filter(pk=case.contact_id).values_list("call_id", flat=True).first()
    return KeyQuestion.objects.filter(call_id=call or 0, question=Question.BESIDE, answer="YES").exists()


@transaction.atomic
def call_outside(
    *, actor: Actor, case_id: int, party: str, joins: int | None = None, confirmed: bool = False, at: datetime
) -> CallAct:
    """Have somebody called about a case; `joins`: into this call in hand. Raises NotAllowed for whoever may not, DomainError
    where a guardian may be the danger and nobody has confirmed, where no number is kept, or where it is too soon."""
    case = case_of(actor, case_id)
    if not may_call(actor, case):
        raise NotAllowed(
            "您不能从这个个案拨打电话。",
            code="cases.call.not-allowed",
            do_next="由个案所在单位的咨询师在办理期间拨打；需要时请联系首问负责人。",
        )
    if party not in OutsideParty.values:
        raise Invalid("请选择打给谁。", code="cases.call.party", do_next="请刷新页面后重试。")
    about = call_about(actor, case)
    if joins and (about is None or about.pk != joins):
        raise DomainError(
            "当前通话不是这个个案的。", code="cases.call.other-call", do_next="请回到正在通话的那个个案再接入。"
        )
    warned = party == OutsideParty.GUARDIAN and guardian_may_harm(case)
    if warned and not confirmed:
        raise DomainError(
            "监护人可能就是伤害孩子的人。",
            code="cases.call.guardian-may-harm",
            do_next="先和孩子、值班长商量；确定要打，请勾选确认后再拨。",
        )
    outside = Outside(
        case_id,
        party,
        number=_guardians_number(actor, case, at) if party == OutsideParty.GUARDIAN else "",
        joins=joins,
        critical=case.urgency == Urgency.CRITICAL,
        confirmed=warned,
    )
    return ask_outside(actor=actor, outside=outside, at=at)


def _guardians_number(actor: Actor, case: Case, at: datetime) -> str:
    number = number_to_call(actor=actor, seeker_id=case.seeker_id or 0, kind=DatumKind.GUARDIAN_PHONE, at=at)
    if not number:
        raise DomainError(
            "没有登记监护人电话。", code="cases.call.no-number", do_next="请先在【个人信息】里登记监护人电话。"
        )
    return number


@dataclass(frozen=True, slots=True)
class Tried:
    """One call from a case, as its panel lists it; seconds: how long they talked, None while nobody knows."""

    row: OutsideCall
    name: str
    seconds: int | None


def tried(case: Case) -> list[Tried]:
    """The calls made from a case, the newest first."""
    rows = list(OutsideCall.objects.filter(case_id=case.pk).order_by("-asked_at")[:20])
    names = display_names({row.account_id for row in rows})
    made = [row.call_id for row in rows if row.call_id and not row.joins]
    calls = {call.pk: call for call in Call.objects.filter(pk__in=made)}
    return [Tried(row, names.get(row.account_id, ""), _talked(calls.get(row.call_id or 0))) for row in rows]


def _talked(call: Call | None) -> int | None:
    if call is None or call.answered_at is None or call.ended_at is None:
        return None
    return round((call.ended_at - call.answered_at).total_seconds())
