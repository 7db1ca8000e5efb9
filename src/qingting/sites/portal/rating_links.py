"""The young person's own rating link, shown in the chat they came from."""

from qingting.core.scope import EVERYTHING, acting
from qingting.followups import selectors


def rating_path(conversation_id: int) -> str:
    """The path of an open rating invitation for this conversation's case; empty while there is none."""
    with acting(EVERYTHING):
        return selectors.open_rating_path(conversation_id)
