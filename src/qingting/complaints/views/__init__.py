"""Pages of complaints."""

from qingting.complaints.views.desk import NAMES_OF_ACTS, act, complaint, complaint_list, record
from qingting.complaints.views.public import after_rating, complain, receipt, review, withdraw

__all__ = [
    "NAMES_OF_ACTS",
    "act",
    "after_rating",
    "complain",
    "complaint",
    "complaint_list",
    "receipt",
    "record",
    "review",
    "withdraw",
]
