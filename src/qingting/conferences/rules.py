"""Pure rules of conferences: what the state of an order or a referral means for the decision it came from."""

from collections.abc import Mapping

_OF_ORDERS: Mapping[str, str] = {"FINISHED": "DONE", "SIGNED_OFF": "DONE", "CANCELLED": "FAILED"}
_OF_REFERRALS: Mapping[str, str] = {
    "COMPLETED": "DONE",
    "REJECTED": "FAILED",
    "FAILED": "FAILED",
    "CANCELLED": "FAILED",
}


def decision_state(way: str, work_state: str) -> str:
    """RUNNING, DONE or FAILED for a decision that became an order (`ORDER`) or a referral (`REFERRAL`) in that state."""
    return (_OF_ORDERS if way == "ORDER" else _OF_REFERRALS).get(work_state, "RUNNING")
