"""The parts of message bodies, as typed dictionaries in exactly the shape the wire carries.

They help a sender's type checker; what is allowed is decided by the schemas. Moments are RFC 3339 text
(`moments`).
"""

from typing import Literal, NotRequired, TypedDict

Urgency = Literal["CRITICAL", "URGENT", "ROUTINE"]
Direction = Literal["12355-to-110", "110-to-12355"]
LinkMode = Literal["ONE_CLICK_HANDOFF", "THREE_WAY_CALL", "LIVE_TRANSFER", "INCIDENT_ORDER"]
LocationMethod = Literal["DECLARED", "DEVICE", "NETWORK", "NUMBER_REGION", "POLICE_POSITIONING", "OTHER"]


class ListItem(TypedDict):
    """One item of the linkage item list."""

    direction: Direction
    no: int
    listVersion: str
    urgency: Urgency
    linkMode: LinkMode
    title: NotRequired[str]


class Call(TypedDict):
    """A telephone call or chat that belongs to the case."""

    callId: str
    startedAt: str
    number: NotRequired[str]
    endedAt: NotRequired[str]
    ongoing: NotRequired[bool]


class Location(TypedDict):
    """Where the person may be, how that is known, and when. Needs `text`, or `lat`, `lng` and `datum`."""

    method: LocationMethod
    confidence: Literal["HIGH", "MEDIUM", "LOW"]
    observedAt: str
    text: NotRequired[str]
    lat: NotRequired[float]
    lng: NotRequired[float]
    datum: NotRequired[Literal["WGS84", "GCJ02", "BD09"]]
    radiusMetres: NotRequired[int]


class Person(TypedDict):
    """A person of the case, with no more than the purpose needs. `under14` is None when not known."""

    role: Literal["HELP_SEEKER", "CALLER", "GUARDIAN", "SUSPECT", "WITNESS", "OTHER"]
    under14: bool | None
    name: NotRequired[str]
    phone: NotRequired[str]
    gender: NotRequired[Literal["FEMALE", "MALE", "OTHER"]]
    ageYears: NotRequired[int]
    note: NotRequired[str]


class RiskFact(TypedDict):
    """One thing the assessment found; `code` is the sender's UPPER_SNAKE code."""

    code: str
    text: NotRequired[str]


class RiskSnapshot(TypedDict):
    """The risk as it was judged at one moment."""

    level: Urgency
    assessedAt: str
    facts: NotRequired[list[RiskFact]]
    text: NotRequired[str]


class DisclosureBasis(TypedDict):
    """Why this may be told to the other desk."""

    code: Literal["LIFE_AT_STAKE", "MANDATORY_REPORT", "LEGAL_DUTY", "CONSENT", "GUARDIAN_CONSENT"]
    text: NotRequired[str]


class Callback(TypedDict):
    """How to reach the sending desk by voice."""

    phone: str
    person: NotRequired[str]


class Handoff(TypedDict):
    """A case handed over. Exactly one of `listItem` and (for a referral outside the list) `urgency`."""

    summary: str
    disclosureBasis: DisclosureBasis
    retainUntil: str
    listItem: NotRequired[ListItem]
    urgency: NotRequired[Urgency]
    workOrderNo: NotRequired[str]
    incidentNo: NotRequired[str]
    calls: NotRequired[list[Call]]
    locations: NotRequired[list[Location]]
    persons: NotRequired[list[Person]]
    riskSnapshot: NotRequired[RiskSnapshot]
    positioningRequested: NotRequired[bool]
    callback: NotRequired[Callback]
    relatedLinkId: NotRequired[str]


class Acknowledgement(TypedDict):
    """签收: a person has taken the case. The number may follow later, with progress or result."""

    operator: str
    incidentNo: NotRequired[str]
    workOrderNo: NotRequired[str]
    text: NotRequired[str]


class Rejection(TypedDict):
    """Not taken, and why."""

    reason: Literal["NOT_ON_LIST", "NOT_OUR_AREA", "DUPLICATE", "INSUFFICIENT", "OTHER"]
    text: str
    operator: str


class Progress(TypedDict):
    """What is being done."""

    stage: Literal["DISPATCHED", "ON_SCENE", "COUNSELLOR_ENGAGED", "OTHER"]
    at: str
    operator: str
    text: NotRequired[str]
    incidentNo: NotRequired[str]
    workOrderNo: NotRequired[str]
    locations: NotRequired[list[Location]]


class Result(TypedDict):
    """How it ended. A later result corrects an earlier one."""

    status: Literal["completed", "failed"]
    outcome: Literal[
        "PERSON_SAFE",
        "TAKEN_TO_HOSPITAL",
        "WITH_GUARDIAN",
        "COUNSELLED",
        "CASE_OPENED",
        "TRANSFERRED",
        "NOT_FOUND",
        "FALSE_ALARM",
        "DECEASED",
        "OTHER",
    ]
    officersReachedPerson: bool | None
    at: str
    operator: str
    followUp: NotRequired["FollowUp"]
    text: NotRequired[str]
    incidentNo: NotRequired[str]
    workOrderNo: NotRequired[str]


class FollowUp(TypedDict):
    """Since 1.2: what was found where the matter was to ask the person how they are."""

    found: Literal["REACHED", "NOT_REACHED", "REFUSED"]
    condition: NotRequired[Literal["BETTER", "SAME", "WORSE", "IN_DANGER"]]
    wantsHelp: NotRequired[bool]


class Cancellation(TypedDict):
    """The request is taken back."""

    reason: Literal["RESOLVED", "FALSE_ALARM", "SENT_IN_ERROR", "DRILL_OVER", "OTHER"]
    text: str
    operator: str


class Note(TypedDict):
    """What else is known now."""

    text: str
    locations: NotRequired[list[Location]]
    persons: NotRequired[list[Person]]
    calls: NotRequired[list[Call]]
    riskSnapshot: NotRequired[RiskSnapshot]
    incidentNo: NotRequired[str]
    workOrderNo: NotRequired[str]
    operator: NotRequired[str]


class Room(TypedDict):
    """Where to dial in: a `sip:`, `sips:` or `tel:` URI."""

    uri: str
    pin: NotRequired[str]


class CallInvite(TypedDict):
    """An invitation into a three-way call or a live transfer."""

    purpose: Literal["THREE_WAY_CALL", "LIVE_TRANSFER"]
    room: Room
    validUntil: str
    listenOnly: NotRequired[list[str]]
    text: NotRequired[str]
