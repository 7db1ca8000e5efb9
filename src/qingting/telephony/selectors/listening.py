"""Who is asked to listen in to a call, what was recorded of it, and the written talk that goes with it."""

from django.db.models import Case, QuerySet, When

from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.telephony.models import Call, ListenInvitation, Recording, TextLink
from qingting.telephony.states import IN_HAND, RecordingKind


def _open_invitations(account_id: int) -> QuerySet[ListenInvitation]:
    """To listen in to calls that are still in somebody's hand."""
    asked = ListenInvitation.objects.filter(account_id=account_id, answered_at=None)
    return asked.filter(call__state__in=IN_HAND)


def calls_to_listen_to(account_id: int) -> QuerySet[ListenInvitation]:
    """Invitations to calls that somebody is asked to listen to now."""
    return _open_invitations(account_id)


def open_invitation(account_id: int, call: Call) -> ListenInvitation | None:
    """The invitation to listen to this call that somebody has not answered yet."""
    return _open_invitations(account_id).filter(call=call).first()


def invitation_to(actor: Actor, invitation_id: int) -> ListenInvitation:
    """One's own invitation. Raises NotFound."""
    found = ListenInvitation.objects.select_related("call").filter(pk=invitation_id, account_id=actor.account_id)
    invitation = found.first()
    if invitation is None:
        raise not_found("邀请", "telephony.invitation.not-found")
    return invitation


def invited_to(call: Call) -> list[int]:
    """Accounts that are asked to listen in and have not answered."""
    asked = ListenInvitation.objects.filter(call=call, answered_at=None).order_by("invited_at")
    return list(asked.values_list("account_id", flat=True)) if call.state in IN_HAND else []


def recordings_of(call: Call) -> QuerySet[Recording]:
    """What of a call was recorded and is still there: the caller, the seats, then everybody else as they came."""
    order = [RecordingKind.CALLER, RecordingKind.MESSAGE, RecordingKind.SEAT]
    place = Case(*(When(kind=kind, then=number) for number, kind in enumerate(order)), default=len(order))
    return call.recordings.filter(deleted_at=None).order_by(place, "began_at", "id")


def recorded_among(call_ids: list[int]) -> frozenset[int]:
    """Which of these calls have a recording that is still there."""
    kept = Recording.objects.filter(call_id__in=call_ids, deleted_at=None)
    return frozenset(kept.values_list("call_id", flat=True))


def call_of_text_talk(conversation_id: int) -> int | None:
    """The call whose text message opened this written talk; None for any other talk."""
    found = TextLink.objects.filter(conversation_id=conversation_id).values_list("call_id", flat=True)
    return found.first()


def text_talk_of(call: Call) -> int | None:
    """The written talk, by its id, that the person of this call has opened last; None where they have opened none."""
    opened = TextLink.objects.filter(call=call, conversation_id__isnull=False).order_by("-opened_at")
    return opened.values_list("conversation_id", flat=True).first()
