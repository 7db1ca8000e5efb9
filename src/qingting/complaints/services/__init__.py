"""Every write of complaints."""

from qingting.complaints.services.handling import acknowledge, answer, decline, escalate, note
from qingting.complaints.services.receiving import NewComplaint, Receipt, receive, record, rotate_words
from qingting.complaints.services.returning import ask_review, withdraw

__all__ = [
    "NewComplaint",
    "Receipt",
    "acknowledge",
    "answer",
    "ask_review",
    "decline",
    "escalate",
    "note",
    "receive",
    "record",
    "rotate_words",
    "withdraw",
]
