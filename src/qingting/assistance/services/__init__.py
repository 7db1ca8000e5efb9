"""Every write of assistance."""

from qingting.assistance.services.paying import Payment, close, note_export, pay, reverse_payment
from qingting.assistance.services.reviewing import Application, Grant, apply, approve, check, refuse, withdraw
from qingting.assistance.services.vault import rotate_notes

__all__ = [
    "Application",
    "Grant",
    "Payment",
    "apply",
    "approve",
    "check",
    "close",
    "note_export",
    "pay",
    "refuse",
    "reverse_payment",
    "rotate_notes",
    "withdraw",
]
