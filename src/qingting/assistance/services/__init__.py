"""Every write of assistance."""

from qingting.assistance.services.lawyers import NewLawyer, assign_lawyer, change_lawyer, enrol_lawyer
from qingting.assistance.services.paying import Payment, close, note_export, pay, reverse_payment
from qingting.assistance.services.rates import NewRate, set_rate
from qingting.assistance.services.reporting import (
    NewService,
    accept_report,
    note_service,
    print_report,
    return_report,
    save_report,
    strike_service,
    submit_report,
)
from qingting.assistance.services.reviewing import Application, Grant, apply, approve, check, refuse, withdraw
from qingting.assistance.services.vault import rotate_closing_reports, rotate_notes, rotate_phones, rotate_services

__all__ = [
    "Application",
    "Grant",
    "NewLawyer",
    "NewRate",
    "NewService",
    "Payment",
    "accept_report",
    "apply",
    "approve",
    "assign_lawyer",
    "change_lawyer",
    "check",
    "close",
    "enrol_lawyer",
    "note_export",
    "note_service",
    "pay",
    "print_report",
    "refuse",
    "return_report",
    "reverse_payment",
    "rotate_closing_reports",
    "rotate_notes",
    "rotate_phones",
    "rotate_services",
    "save_report",
    "set_rate",
    "strike_service",
    "submit_report",
    "withdraw",
]
