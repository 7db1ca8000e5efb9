"""What another desk is told, and no more: the handoff's body from the facts, and the same body in words for a person's eyes.

The preview at the seat and the list of what was sent are both made from the body itself, so they cannot differ from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from deskwire.moments import from_wire, to_wire
from qingting.core.time import local
from qingting.directory.models import LinkageItem
from qingting.directory.states import Direction, Urgency
from qingting.linkage.rules import GROUNDS, Ground, readable
from qingting.linkage.states import Basis
from qingting.seekers.states import UNDER_14, AgeBand, Gender

DIRECTIONS = {Direction.TO_POLICE: "12355-to-110", Direction.FROM_POLICE: "110-to-12355"}
"""The wire's words for the two halves of the list."""

# How whereabouts became known → how much to trust them. Product default.
_CONFIDENCE = {"DEVICE": "HIGH", "DECLARED": "MEDIUM", "POLICE_POSITIONING": "HIGH"}
_METHODS = {
    "DECLARED": "来访者自述",
    "DEVICE": "设备定位",
    "NETWORK": "网络位置",
    "NUMBER_REGION": "号码归属地",
    "POLICE_POSITIONING": "公安定位",
    "OTHER": "其他来源",
}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the person may be, how that is known (a wire method), and since when."""

    text: str
    method: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Risk:
    """The latest assessment: level, moment, and what was found as (code, words)."""

    level: str
    assessed_at: datetime
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known and might be told. Codes as stored; empty or None where it is not known. talk: the call; writing: that a
    counsellor is with the person in writing."""

    case_number: str
    age_band: str = ""
    gender: str = ""
    phone: str = ""
    whereabouts: Whereabouts | None = None
    risk: Risk | None = None
    talk: Mapping[str, Any] | None = None
    writing: bool = False
    callback: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person at the seat decides: words to add, whether the phone number goes along, whether to ask the police
    to find the position."""

    words: str = ""
    with_phone: bool = False
    positioning: bool = False


IN_WRITING = "（转出时咨询师正在网上用文字和本人交谈，没有通话可以加入；请用下面的电话联系咨询师。）"


def handoff_body(item: LinkageItem, facts: Facts, wish: Wish, retain_until: date) -> dict[str, Any]:
    """The body of a handoff by a list item: only what its purpose needs."""
    ground = GROUNDS[item.item_class]
    body: dict[str, Any] = {
        "listItem": _item(item),
        "workOrderNo": facts.case_number,
        "summary": _summary(item, wish, writing=facts.writing),
        "persons": [_person(facts, wish)],
        "disclosureBasis": {"code": str(ground.basis), "text": ground.words},
        "retainUntil": retain_until.isoformat(),
    }
    if facts.whereabouts:
        body["locations"] = [_location(facts.whereabouts)]
    if facts.risk:
        body["riskSnapshot"] = _risk(facts.risk)
    if facts.talk:
        body["calls"] = [dict(facts.talk)]
    if facts.callback:
        body["callback"] = {"phone": facts.callback}
    return body | ({"positioningRequested": True} if wish.positioning else {})


def referral_body(
    what: tuple[str, frozenset[str], Ground], facts: Facts, wish: Wish, terms: tuple[str, date]
) -> dict[str, Any]:
    """The body of a referral outside the list. what: its words, what it may tell (`referral_kinds.TOLD`), its ground;
    terms: urgency, and until when the receiver may keep it. What the kind does not name stays here."""
    (label, tells, ground), (urgency, retain_until) = what, terms
    least = replace(
        facts,
        age_band=facts.age_band if "age" in tells else "",
        gender=facts.gender if "gender" in tells else "",
        phone=facts.phone if "phone" in tells else "",
    )
    body: dict[str, Any] = {
        "urgency": urgency,
        "workOrderNo": facts.case_number,
        "summary": f"{label}。{wish.words.strip()[:1500]}",
        "persons": [_person(least, wish)],
        "disclosureBasis": {"code": str(ground.basis), "text": ground.words},
        "retainUntil": retain_until.isoformat(),
    }
    if "whereabouts" in tells and facts.whereabouts:
        body["locations"] = [_location(facts.whereabouts)]
    if "risk" in tells and facts.risk:
        body["riskSnapshot"] = _risk(facts.risk)
    if "callback" in tells and facts.callback:
        body["callback"] = {"phone": facts.callback}
    return body


def _item(item: LinkageItem) -> dict[str, Any]:
    return {
        "direction": DIRECTIONS[Direction(item.direction)],
        "no": item.number,
        "listVersion": item.list_id,
        "urgency": item.urgency,
        "linkMode": item.link_mode,
        "title": item.text,
    }


def _summary(item: LinkageItem, wish: Wish, *, writing: bool) -> str:
    words = wish.words.strip()[:1500]
    said = f"{item.text}。{words}" if words else f"{item.text}。"
    return f"{said}\n{IN_WRITING}" if writing else said


def _person(facts: Facts, wish: Wish) -> dict[str, Any]:
    person: dict[str, Any] = {
        "role": "HELP_SEEKER",
        "under14": facts.age_band in UNDER_14 if facts.age_band else None,
    }
    if facts.age_band:
        person["note"] = f"年龄段：{AgeBand(facts.age_band).label}"
    if facts.gender:
        person["gender"] = facts.gender
    return person | ({"phone": facts.phone} if wish.with_phone and facts.phone else {})


def _location(found: Whereabouts) -> dict[str, Any]:
    method = found.method if found.method in _METHODS else "OTHER"
    return {
        "method": method,
        "confidence": _CONFIDENCE.get(method, "LOW"),
        "observedAt": to_wire(found.observed_at),
        "text": found.text[:300],
    }


def _risk(risk: Risk) -> dict[str, Any]:
    facts = [{"code": code, "text": text[:200]} for code, text in risk.facts[:20]]
    snapshot: dict[str, Any] = {"level": risk.level, "assessedAt": to_wire(risk.assessed_at)}
    return snapshot | ({"facts": facts} if facts else {})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is told: what it is, and how it reads. `strong`: what the other side needs first."""

    label: str
    text: str
    strong: bool = False


def in_words(body: Mapping[str, Any], *, clear: bool = False) -> list[Line]:
    """A handoff's body as a person reads it, in the order of its use. A phone number shows its end only, unless `clear`."""
    lines = [*_matter(body), *_where(body), *_who(body, clear=clear), *_danger(body)]
    if body.get("callback"):
        lines.append(Line("回电", str(body["callback"]["phone"])))
    basis = body["disclosureBasis"]
    lines.append(Line("告知依据", f"{Basis(basis['code']).label}。{basis.get('text', '')}"))
    if body.get("workOrderNo"):
        lines.append(Line("个案编号", str(body["workOrderNo"])))
    if body.get("incidentNo"):
        lines.append(Line("警情单号" if body.get("listItem") else "对方编号", str(body["incidentNo"])))
    lines.append(Line("保存期限", f"接收方保存至{body['retainUntil']}"))
    return [Line(line.label, readable(line.text), line.strong) for line in lines]


def _matter(body: Mapping[str, Any]) -> list[Line]:
    item = body.get("listItem")
    repeats = item and body["summary"] == f"{item.get('title', '')}。"
    lines = [] if repeats else [Line("情况", str(body["summary"]), strong=True)]
    if item:
        urgency = Urgency(item["urgency"]).label
        lines.insert(0, Line("清单事项", f"第{item['no']}项（{urgency}）{item.get('title', '')}"))
    if body.get("positioningRequested"):
        lines.append(Line("请求", "请公安机关协助技术定位", strong=True))
    return lines


def _where(body: Mapping[str, Any]) -> list[Line]:
    return [Line("所在位置", _place(found), strong=True) for found in body.get("locations", ())]


def _place(found: Mapping[str, Any]) -> str:
    seen = local(from_wire(found["observedAt"]))
    text = found.get("text") or f"{found.get('lat')}，{found.get('lng')}（{found.get('datum')}）"
    return f"{text}（{_METHODS[found['method']]}，{seen:%m-%d %H:%M}）"


def _who(body: Mapping[str, Any], *, clear: bool) -> list[Line]:
    return [Line("本人", "，".join(_traits(person, clear=clear))) for person in body.get("persons", ())]


def _traits(person: Mapping[str, Any], *, clear: bool) -> list[str]:
    under = {True: "不满14周岁", False: "已满14周岁"}.get(person["under14"], "是否满14周岁不详")
    traits = [str(person.get("note", "")), under, _gender(person), _phone(person, clear=clear)]
    return [trait for trait in [str(person.get("name", "")), *traits] if trait]


def _gender(person: Mapping[str, Any]) -> str:
    return f"性别：{Gender(person['gender']).label}" if person.get("gender") else ""


def _phone(person: Mapping[str, Any], *, clear: bool) -> str:
    if not person.get("phone"):
        return ""
    return f"电话：{person['phone']}" if clear else f"电话：尾号{person['phone'][-4:]}"


def _danger(body: Mapping[str, Any]) -> list[Line]:
    risk = body.get("riskSnapshot")
    if not risk:
        return []
    found = "；".join(fact.get("text", fact["code"]) for fact in risk.get("facts", ()))
    when = local(from_wire(risk["assessedAt"]))
    head = f"{Urgency(risk['level']).label}（{when:%m-%d %H:%M}评估）"
    return [Line("风险评估", f"{head}{'：' + found if found else ''}")]
