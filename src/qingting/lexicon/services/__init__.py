"""Every write of the lexicon."""

from qingting.lexicon.services.deciding import approve, roll_back, send_back
from qingting.lexicon.services.drafting import (
    change,
    change_rule,
    open_draft,
    reopen,
    submit,
    take_back,
    withdraw,
    withdraw_rule,
)
from qingting.lexicon.services.labelling import confirm_correction, dismiss_correction, read_correction
from qingting.lexicon.services.measuring import measure_step
from qingting.lexicon.services.reading import read_snippets

__all__ = [
    "approve",
    "change",
    "change_rule",
    "confirm_correction",
    "dismiss_correction",
    "measure_step",
    "open_draft",
    "read_correction",
    "read_snippets",
    "reopen",
    "roll_back",
    "send_back",
    "submit",
    "take_back",
    "withdraw",
    "withdraw_rule",
]
