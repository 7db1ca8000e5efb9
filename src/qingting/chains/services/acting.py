"""What people do: raise a chain, and every act of the table."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.states import CaseState
from qingting.chains import rules, selectors
from qingting.chains.models import Chain
from qingting.chains.permissions import RAISE
from qingting.chains.services.entries import Entry
from qingting.chains.services.recording import write_down
from qingting.chains.services.spreading import hold, party_here, spread
from qingting.chains.states import ACTS, ENDED, Act, Role, Stage
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory.models import Division
from qingting.directory.states import DivisionLevel, Urgency
from qingting.linkage.selectors import desk_serving
from qingting.linkage.services import Wish, house_body, record_house_ground

LONGEST_CARE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewChain:
    """destination: the province (GB/T 2260) where the person is; words: what its people need to know at once."""

    destination: str
    urgency: str
    words: str
    with_phone: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with an act; which of it is needed stands in the table."""

    words: str = ""
    code: str = ""
    due_at: datetime | None = None
    region: str = ""


@transaction.atomic
def raise_chain(*, actor: Actor, case_id: int, new: NewChain, at: datetime) -> Chain:
    """发起跨省转介: tell the province where the person is, with what its people need to find the person, and the national desk,
    which supervises, without it. Both at once: a life does not wait for a desk.

    While a chain of the case to the same province runs, that one is returned. Raises NotFound, NotAllowed, Invalid,
    DomainError (case closed, no house of that province known).
    """
    case = case_of(actor, case_id)
    actor.require(RAISE, case.organisation_id)
    _refuse_unfit(case, new)
    running = _running(case, new.destination)
    if running is not None:
        return running
    chain = _drawn(actor, case, new, at)
    with acting(EVERYTHING):
        refuse_unknown_parties(chain)
    facts = house_body(actor, case, Wish(new.words, new.with_phone), at=at, urgency=new.urgency)
    record_house_ground(actor, case, purpose=f"跨省转介至{selectors.region_name(new.destination)}", at=at)
    with acting(EVERYTHING):
        hold(chain)
        chain.save(force_insert=True)
        words = new.words.strip()[:2000]
        entry = Entry(
            Role.ORIGIN, 1, "RAISE", stamp(at), operator_of(actor), words, facts=facts, account_id=actor.account_id
        )
        write_down(chain, entry, at=at, actor=actor)
        spread(chain, entry, at=at)
    return chain


def _refuse_unfit(case: Case, new: NewChain) -> None:
    wrong = {
        "destination": "" if _is_other_province(case, new.destination) else "请选择本人所在的省份",
        "urgency": "" if new.urgency in {Urgency.CRITICAL, Urgency.URGENT} else "跨省转介只用于特急和紧急的个案",
        "words": "" if len(new.words.strip()) >= 4 else "请写明情况",
    }
    wrong = {name: why for name, why in wrong.items() if why}
    if wrong:
        raise Invalid(
            f"还没有发出：{'；'.join(wrong.values())}。",
            code="chains.incomplete",
            do_next="请补充后再发出；同时可先电话联系对方。",
            fields=wrong,
        )
    if case.state != CaseState.OPEN:
        raise DomainError(
            "个案已经结案，不能再发起转介。", code="chains.case-closed", do_next="如需继续办理，请先重新办理这个个案。"
        )


def _is_other_province(case: Case, region: str) -> bool:
    known = Division.objects.filter(pk=region, level=DivisionLevel.PROVINCE).exists()
    return known and region != case.province


def _running(case: Case, destination: str) -> Chain | None:
    mine = Chain.objects.filter(case=case, role=Role.ORIGIN, destination_region=destination, ended_at=None)
    return mine.first()


def _drawn(actor: Actor, case: Case, new: NewChain, at: datetime) -> Chain:
    chain_id = uuid4()
    before = Chain.objects.filter(case=case, role=Role.ORIGIN, stage=Stage.REDIRECTED).order_by("-opened_at").first()
    return Chain(
        organisation_id=case.organisation_id,
        province=case.province,
        chain_id=chain_id,
        role=Role.ORIGIN,
        number=rules.chain_number(case.province, chain_id, f"{local(at):%Y%m%d}"),
        urgency=new.urgency,
        origin_region=case.province,
        destination_region=new.destination,
        stage=Stage.SUPERVISION,
        case=case,
        continues=before if before and before.redirected_to == new.destination else None,
        opened_by_account_id=actor.account_id or None,
        opened_at=stamp(at),
        heard_at=at,
    )


def refuse_unknown_parties(chain: Chain) -> None:
    """The destination and the national desk must be in this house or behind a desk we know."""
    for role in (Role.DESTINATION, Role.NATIONAL):
        if desk_serving(selectors.region_of(chain, role)) is None:
            party_here(
                {
                    "origin_region": chain.origin_region,
                    "destination_region": chain.destination_region,
                    "centre_region": "",
                },
                role,
            )


@transaction.atomic
def act(*, actor: Actor, chain_id: int, code: str, said: Said, at: datetime) -> Chain:
    """Do an act of the table in one's own party's file; the other parties read it in theirs.

    Raises NotFound, NotAllowed, Invalid (words, reason, date or place missing), DomainError (not now).
    """
    seen = selectors.chain_of(actor, chain_id)
    what = ACTS.get(code)
    if what is None or what.role != seen.role or code == "RAISE":
        raise _not_now(seen)
    actor.require(selectors.PERMISSIONS[Role(seen.role)], seen.organisation_id)
    _refuse_missing(what, said, at)
    with acting(EVERYTHING):
        hold(seen)
        chain = Chain.objects.get(pk=seen.pk)
        if not rules.may_act(what, chain.standings(), centre_asked=bool(chain.centre_region), drill=chain.drill):
            raise _not_now(chain)
        _refuse_unfit_place(chain, what, said)
        number = selectors.last_number(chain, chain.role) + 1
        entry = Entry(
            author=chain.role,
            number=number,
            act=code,
            at=stamp(at),
            operator=operator_of(actor),
            words=said.words.strip()[:2000],
            code=said.code if "code" in what.needs else "",
            due_at=said.due_at if "due" in what.needs else None,
            region=said.region if "region" in what.needs else "",
            account_id=actor.account_id,
        )
        write_down(chain, entry, at=at, actor=replace(actor, organisation_id=chain.organisation_id))
        spread(chain, entry, at=at)
    return chain


def stamp(at: datetime) -> datetime:
    """To the millisecond, as the wire carries it: so entries stand in the same order in every house."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def operator_of(actor: Actor) -> str:
    """How other houses know the person: a code, never a name."""
    return f"12355-{actor.account_id}"


def _not_now(chain: Chain) -> DomainError:
    standing = chain.stage
    return DomainError(
        f"这次跨省转介现在是“{Stage(standing).label}”，不能这样操作。",
        code="chains.chain.wrong-state",
        do_next="对方可能刚刚有了新的动作，请刷新页面查看。",
    )


def _refuse_missing(what: Act, said: Said, at: datetime) -> None:
    wrong = {}
    if "words" in what.needs and len(said.words.strip()) < 2:
        wrong["words"] = "请写明情况"
    if "code" in what.needs and (what.codes is None or said.code not in what.codes.values):
        wrong["code"] = "请选择一项"
    if "due" in what.needs and not (said.due_at and at < said.due_at <= at + LONGEST_CARE):
        wrong["due"] = "请选择下一次跟踪的日期（一年以内）"
    if "region" in what.needs and not said.region:
        wrong["region"] = "请选择"
    if wrong:
        raise Invalid(
            f"还没有提交：{'；'.join(wrong.values())}。",
            code="chains.act.incomplete",
            do_next="请补充后再提交。",
            fields=wrong,
        )


def _refuse_unfit_place(chain: Chain, what: Act, said: Said) -> None:
    """A centre that can be told, or a province that is neither of the two."""
    if "region" not in what.needs:
        return
    if what.code == "ASK_CENTRE":
        fits = said.region in dict(selectors.centres())
    else:
        provinces = {row.pk for row in selectors.provinces_to_tell(chain.origin_region)}
        fits = said.region in provinces - {chain.destination_region} and selectors.is_reachable(
            Role.DESTINATION, said.region
        )
    if not fits:
        raise Invalid(
            "不能选择这个地方。",
            code="chains.act.place",
            do_next="请选择能够联系到的区域中心或省份。",
            fields={"region": "请重新选择"},
        )


def is_over(chain: Chain) -> bool:
    """Whether nothing more can be done but to take something back."""
    return Stage(chain.stage) in ENDED
