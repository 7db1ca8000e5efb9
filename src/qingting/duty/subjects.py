"""What can wait in the line, as data: how it is called and which page takes it. Rooms ahead are named by address only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """label: Chinese; fills: whether it takes a whole person, who must be reachable by telephone for it; accept, decline, take: URL names that get the offer's or the entry's id; about: one that gets the
    subject's own id and answers with a fragment, what is known of it so far."""

    label: str
    accept: str
    decline: str
    take: str
    about: str = ""
    fills: bool = False


SUBJECTS = {
    "conversation": SubjectKind("在线会话", "chat:accept", "chat:decline", "chat:take", "chat:about"),
    "call": SubjectKind(
        "电话", "telephony:accept", "telephony:decline", "telephony:take", "telephony:about", fills=True
    ),
}
FILLING = frozenset(kind for kind, subject in SUBJECTS.items() if subject.fills)
