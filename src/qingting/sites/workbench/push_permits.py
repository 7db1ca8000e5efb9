"""Which channels a page may listen to. Rights are checked when the page is drawn; afterwards a permit speaks for it.

The stream's own token lives ten minutes. The page also gets a permit, signed, good for a day and only for the session
and the organisation it was drawn for: it lets that page, and nobody else, ask for the next token of the same channels.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

from qingting.core.actors import Actor
from qingting.core.errors import NotAllowed
from qingting.core.push import stream_token

PERMIT_AGE_SECONDS = 24 * 60 * 60
_SALT = "qingting.workbench.push-permit"


@dataclass(frozen=True, slots=True)
class Permit:
    """token: for the stream now; permit: for the next token."""

    token: str
    permit: str


def own_channels(actor: Actor) -> list[str]:
    """What everybody hears: their own account and the organisation they act for."""
    return [f"account:{actor.account_id}", f"organisation:{actor.organisation_id}"]


def permit_for(actor: Actor, session_id: int, extra: Iterable[str] = ()) -> Permit:
    """For a page that has just checked that its reader may see what `extra` channels (`case:5`) tell of."""
    channels = sorted({*own_channels(actor), *extra})
    bound = {"session": session_id, "organisation": actor.organisation_id, "channels": channels}
    return Permit(stream_token(channels), signing.dumps(bound, salt=_SALT, compress=True))


def renewed_token(permit: str, actor: Actor, session_id: int) -> str:
    """The next token for the channels of a permit; NotAllowed when it is old, forged, or of another session or post."""
    try:
        bound = signing.loads(permit, salt=_SALT, max_age=PERMIT_AGE_SECONDS)
    except signing.BadSignature as error:
        raise _refusal() from error
    if (bound["session"], bound["organisation"]) != (session_id, actor.organisation_id):
        raise _refusal()
    return stream_token(bound["channels"])


def _refusal() -> NotAllowed:
    return NotAllowed(
        "这个页面不能再接收更新。", code="workbench.push.permit-refused", do_next="请保存正在写的内容，然后刷新页面。"
    )
