"""Reading calls: a counsellor their own, a shift leader those of the organisation, the controller what waits for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import Q, QuerySet

from qingting.core.actors import Actor
from qingting.core.errors import NotAllowed, not_found
from qingting.core.heartbeats import state_of_parts
from qingting.duty.models import Offer
from qingting.duty.states import OfferState
from qingting.seekers.models import PersonalDatum
from qingting.seekers.permissions import VIEW
from qingting.seekers.selectors import visible_to
from qingting.staff.models import Session
from qingting.staff.selectors import is_live_session
from qingting.telephony import permissions, rules
from qingting.telephony.models import (
    Announcement,
    BlockedNumber,
    Call,
    CallAct,
    CallbackTask,
    KeyQuestion,
    Leg,
    Line,
    SipAccount,
)
from qingting.telephony.selectors.listening import (
    call_of_text_talk,
    calls_to_listen_to,
    invitation_to,
    invited_to,
    open_invitation,
    recorded_among,
    recordings_of,
    text_talk_of,
)
from qingting.telephony.selectors.ringing import Ringing, SeatTelephone, offer_of, offers_to_ring, seat_telephone
from qingting.telephony.states import (
    IN_HAND,
    AccountKind,
    ActKind,
    ActState,
    AnnouncementState,
    CallState,
    Direction,
    Language,
    LegKind,
    Outcome,
    TaskState,
)

__all__ = [
    "Ringing",
    "SeatTelephone",
    "call_of_text_talk",
    "calls_to_listen_to",
    "invitation_to",
    "invited_to",
    "offer_of",
    "offers_to_ring",
    "open_invitation",
    "recorded_among",
    "recordings_of",
    "seat_telephone",
    "text_talk_of",
]

_PASS = "qingting.telephony.socket"  # noqa: S105  (a salt, no password)


def call_for(actor: Actor, call_id: int, *, to_act: bool = False) -> Call:
    """One call the actor may see, or with `to_act` do something with: their own, or of their station for a leader.

    Raises NotFound out of sight, NotAllowed where one may look but not act.
    """
    call = visible_calls(actor).filter(pk=call_id).first()
    if call is None:
        raise not_found("电话", "telephony.call.not-found")
    if to_act and actor.acting_as == "person" and call.account_id != actor.account_id:
        raise NotAllowed(
            "这个电话由另一位同事接听。",
            code="telephony.call.not-yours",
            do_next="如需接手，可以请对方转给您；值班长可以监听或接管。",
        )
    return call


def visible_calls(actor: Actor) -> QuerySet[Call]:
    """A counsellor's own calls, those offered to them or shared with them, and those a colleague asks them into now, or to
    listen to (while they do); all of the station for a leader."""
    if actor.acting_as == "system":
        return Call.objects.all()
    here = Call.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    if actor.may(permissions.LEAD):
        return here
    if not actor.may(permissions.TALK):
        return Call.objects.none()
    listened = Q(kind=LegKind.SECOND, left_at__isnull=False)
    part = Leg.objects.filter(account_id=actor.account_id).exclude(listened).values("call_id")
    offered = Offer.objects.filter(account_id=actor.account_id, state=OfferState.OPEN, entry__subject_kind="call")
    asked = _asking(actor.account_id).values("call_id")
    theirs = Q(account_id=actor.account_id) | Q(pk__in=part) | Q(pk__in=asked)
    theirs |= Q(pk__in=calls_to_listen_to(actor.account_id).values("call_id"))
    return here.filter(theirs | Q(pk__in=offered.values("entry__subject_id")))


def _asking(account_id: int) -> QuerySet[CallAct]:
    """What colleagues ask of somebody just now: to be consulted, or to take a call over."""
    kinds = [ActKind.CONSULT, ActKind.SEND_TO]
    return CallAct.objects.filter(to_account_id=account_id, state=ActState.ASKED, kind__in=kinds)


def asked_by(actor: Actor, call: Call) -> int:
    """The colleague who asks the actor into this call now; 0 for nobody."""
    asking = _asking(actor.account_id).filter(call=call).order_by("-asked_at")
    return asking.values_list("account_id", flat=True).first() or 0


def my_calls(actor: Actor) -> QuerySet[Call]:
    """What a counsellor has in hand by telephone: at most one, and one that is being handed to them; none that they left to
    the 110."""
    there = Leg.objects.filter(account_id=actor.account_id, left_at=None).values("call_id")
    theirs = Call.objects.filter(account_id=actor.account_id, state__in=IN_HAND)
    return theirs.filter(Q(state=CallState.RETURNING) | Q(pk__in=there)).order_by("started_at")


def calls_here(actor: Actor) -> QuerySet[Call]:
    """For the shift leader: every call that is going on."""
    open_now = Call.objects.filter(organisation_id=actor.organisation_id).exclude(state=CallState.ENDED)
    return open_now.order_by("started_at")


def legs_of(call: Call) -> QuerySet[Leg]:
    """Who is in a call now, in the order in which they came."""
    return call.legs.filter(left_at=None).order_by("joined_at")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a caller before anybody speaks: never the number itself."""

    number: str
    earlier_calls: int
    last_at: datetime | None
    last_account_id: int | None
    danger_level: str
    seekers: list[tuple[int, str]]
    silent_calls: int = 0


def known_of(actor: Actor, call: Call) -> Known:
    """The screen pop (弹屏): the masked number, earlier calls, and who of the vault has this number, within one's rights."""
    earlier = earlier_calls(actor, call).order_by("-started_at")
    last = earlier.first()
    seekers: list[tuple[int, str]] = []
    if actor.may(VIEW) and call.number_index:
        index = bytes(call.number_index)
        having = PersonalDatum.objects.filter(blind_index=index, replaced_at=None).values("seeker_id")
        seekers = list(visible_to(actor).filter(pk__in=having).values_list("id", "pseudonym")[:5])
    return Known(
        number=call.shown_number,
        earlier_calls=earlier.count(),
        last_at=last.started_at if last else None,
        last_account_id=last.account_id if last else None,
        danger_level=call.danger_level,
        seekers=seekers,
        silent_calls=earlier.filter(outcome=Outcome.SILENT).count(),
    )


def earlier_calls(actor: Actor, call: Call) -> QuerySet[Call]:
    """Calls of the same number, or from the same visit to the portal, at the actor's stations before this one."""
    same = _same_caller(call)
    if same is None:
        return Call.objects.none()
    here = Call.objects.filter(same, organisation_id__in=sorted(actor.scope.organisations))
    return here.filter(started_at__lte=call.started_at).exclude(pk=call.pk)


def _same_caller(call: Call) -> Q | None:
    if call.number_index:
        return Q(number_index=bytes(call.number_index))
    return Q(visit_id=call.visit_id) if call.visit_id else None


def questions_of(call: Call) -> QuerySet[KeyQuestion]:
    """What was asked of a caller who can't speak, and which keys answered, oldest first."""
    return call.questions.order_by("asked_at")


def silent_calls_of(call: Call, *, since: datetime) -> QuerySet[Call]:
    """Silent calls of the same caller at the same station, this one among them, oldest first."""
    same = _same_caller(call)
    if same is None:
        return Call.objects.none()
    silent = Call.objects.filter(same, organisation_id=call.organisation_id, outcome=Outcome.SILENT)
    return silent.filter(started_at__gte=since).order_by("started_at")


def danger_of_number(index: bytes | None, organisation_id: int, *, at: datetime) -> str:
    """The danger of the last days' calls of this number: somebody in danger who calls again goes to the front."""
    if not index:
        return ""
    recent = Call.objects.filter(
        number_index=index, organisation_id=organisation_id, started_at__gte=at - rules.IN_DANGER_FOR
    )
    levels = set(recent.exclude(danger_level="").values_list("danger_level", flat=True))
    return next((level for level in ("CRITICAL", "URGENT", "ROUTINE") if level in levels), "")


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier calls say of somebody who calls: the danger they are in, and whom they talked with last."""

    danger_level: str = ""
    account_id: int | None = None


_BEFORE = """SELECT
  (SELECT danger_level FROM telephony_call WHERE number_index = %(number)s AND organisation_id = %(house)s AND id <> %(call)s
    AND started_at >= %(danger_since)s AND danger_level <> ''
    ORDER BY array_position(ARRAY['CRITICAL', 'URGENT', 'ROUTINE'], danger_level::text) LIMIT 1),
  (SELECT account_id FROM telephony_call WHERE {same} AND organisation_id = %(house)s AND id <> %(call)s
    AND started_at >= %(known_since)s AND account_id IS NOT NULL ORDER BY started_at DESC LIMIT 1)"""


def what_was_before(call: Call, *, at: datetime) -> Before:
    """Of this number, or this visit, at this station: a returning caller meets whom they know."""
    if not call.number_index and not call.visit_id:
        return Before()
    same = "number_index = %(number)s" if call.number_index else "visit_id = %(visit)s"
    about: dict[str, Any] = {
        "number": call.number_index,
        "visit": call.visit_id,
        "house": call.organisation_id,
        "call": call.pk,
    }
    since = {"danger_since": at - rules.IN_DANGER_FOR, "known_since": at - rules.KNOWN_FOR}
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE.format(same=same), {**about, **since})
        level, account = cursor.fetchone()
    return Before(level or "", account)


def line_for(number: str) -> Line | None:
    """The line that is dialled by this number; the first of all where the trunk writes numbers in its own way."""
    active = Line.objects.filter(active=True).order_by("id")
    return active.filter(number=number).first() or active.first()


def lines() -> list[Line]:
    """Every line in use."""
    return list(Line.objects.filter(active=True).order_by("id"))


def blocked_numbers(*, at: datetime) -> frozenset[tuple[int, bytes]]:
    """Stations, and the blind indexes of the numbers that two people there agreed not to let in, without those that are in
    danger of late."""
    standing = BlockedNumber.objects.filter(agreed_at__isnull=False, lifted_at=None, until__gt=at)
    blocked = {(row.organisation_id, bytes(row.number_index)) for row in standing}
    return frozenset((house, index) for house, index in blocked if not danger_of_number(index, house, at=at))


def known_numbers(*, at: datetime) -> frozenset[bytes]:
    """Blind indexes of the numbers whose people somebody talked with lately, or that are in danger of late."""
    talked = Q(answered_at__isnull=False, started_at__gte=at - rules.KNOWN_FOR)
    in_danger = ~Q(danger_level="") & Q(started_at__gte=at - rules.IN_DANGER_FOR)
    rows = Call.objects.filter(talked | in_danger, number_index__isnull=False).values_list("number_index", flat=True)
    return frozenset(bytes(index or b"") for index in rows.distinct())


def acts_asked(asterisk: str) -> list[CallAct]:
    """What people ask of this Asterisk's calls and is not done yet, in order."""
    return list(CallAct.objects.filter(asterisk=asterisk, state=ActState.ASKED).order_by("id")[:100])


def open_calls(asterisk: str) -> list[Call]:
    """Calls of this Asterisk that are not over by the record."""
    return list(Call.objects.filter(asterisk=asterisk).exclude(state=CallState.ENDED))


def live_sip_accounts(*, at: datetime) -> dict[str, SipAccount]:
    """Accounts that Asterisk should know, by user name: those of logins that have ended are not among them."""
    browsers = SipAccount.objects.exclude(kind=AccountKind.PHONE).filter(ended_at=None, expires_at__gt=at)
    rows = list(browsers)
    sessions = [row.session_id for row in rows if row.session_id is not None]
    alive = set(
        Session.objects.filter(pk__in=sessions, revoked_at=None, expires_at__gt=at).values_list("pk", flat=True)
    )
    return {row.username: row for row in rows if row.session_id is None or row.session_id in alive}


def tasks_here(actor: Actor) -> QuerySet[CallbackTask]:
    """Who is to be called back, danger first."""
    actor.require(permissions.TALK)
    here = CallbackTask.objects.filter(organisation_id=actor.organisation_id, state=TaskState.OPEN)
    return here.select_related("call").order_by("-danger_level", "not_before")


def act_for(actor: Actor, act_id: int) -> CallAct:
    """One's own act."""
    act = CallAct.objects.filter(pk=act_id, account_id=actor.account_id).first()
    if act is None:
        raise not_found("操作", "telephony.act.not-found")
    return act


def visit_of_account(username: str) -> int | None:
    """The portal visit behind a browser's account; None for any other caller."""
    if not username:
        return None
    return SipAccount.objects.filter(username=username).values_list("visit_id", flat=True).first()


def open_legs(call_ids: list[int]) -> dict[str, Leg]:
    """Who was in these calls by the record, by channel: for a controller that has just come."""
    return {leg.channel: leg for leg in Leg.objects.filter(call_id__in=call_ids, left_at=None)}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a caller is spoken to; notice_due: the line gives notice of recording, and this one has not heard it yet."""

    language: str = Language.MANDARIN
    notice_due: bool = False


def manners_of(call_ids: list[int]) -> dict[int, Manner]:
    """For a controller that has just come."""
    greeting = set(Line.objects.filter(greets=True).values_list("id", flat=True))
    rows = Call.objects.filter(pk__in=call_ids, direction=Direction.IN).values_list(
        "id", "language", "line_id", "notice_played_at"
    )
    return {pk: Manner(language, played is None and line in greeting) for pk, language, line, played in rows}


def pass_for(username: str) -> str:
    """What opens the softphone's socket for one account; given to its page only, together with the password."""
    return signing.dumps(username, salt=_PASS)


def account_of_pass(given: str, session_token: str, *, at: datetime) -> str:
    """The account of a pass, '' where it is forged, ended or expired, or its login is not the one that knocks."""
    try:
        username = signing.loads(given, salt=_PASS)
    except signing.BadSignature:
        return ""
    account = SipAccount.objects.filter(username=username, ended_at=None, expires_at__gt=at).first()
    if account is None:
        return ""
    if account.session_id is not None and not is_live_session(account.session_id, session_token, at=at):
        return ""
    return account.username


def call_of_channel(*, asterisk: str, channel: str) -> int:
    """The call whose first leg was this channel; 0 for none. Two Asterisks may give the same name to channels of theirs."""
    return (
        Call.objects.filter(asterisk=asterisk, channel=channel)
        .order_by("-started_at")
        .values_list("id", flat=True)
        .first()
        or 0
    )


def telephone_is_there(*, at: datetime) -> bool:
    """Whether a controller lives and Asterisk is heard, by their signs of life."""
    parts = state_of_parts(at=at)
    return all(bool(parts.get(name, {}).get("ok")) for name in ("controller", "telephone"))


def announcements_over(*, ids: list[int]) -> list[int]:
    """Which of these need not be told any more."""
    over = Announcement.objects.filter(pk__in=ids).exclude(state=AnnouncementState.ASKED)
    return list(over.values_list("pk", flat=True))


def announcement_about(subject: tuple[str, int]) -> Announcement | None:
    """The latest announcement about a matter."""
    about = Announcement.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    return about.order_by("-asked_at", "-pk").first()


def number_for_machine(given: str) -> str:
    """A number as it is dialled, where the platform may dial it by itself; '' for none, an emergency's, or a line of ours."""
    number = rules.clean_number(given)
    ours = frozenset(Line.objects.values_list("number", flat=True))
    return number if rules.dials_itself(number, ours) else ""
