"""The young person's own rating link, shown in the chat they came from."""

from qingting.core.scope import EVERYTHING, acting


def rating_path(conversation_id: int) -> str:
    """The path of an open rating invitation for this conversation's case; empty while there is none."""
    from qingting.followups.selectors import open_rating_path

    with acting(EVERYTHING):
        return open_rating_path(conversation_id)
