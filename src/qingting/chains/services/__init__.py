"""Every write of chains."""

from qingting.chains.services.acting import NewChain, Said, act, raise_chain
from qingting.chains.services.drilling import NewDrill, begin_drill
from qingting.chains.services.following import look_at_facts, note_late, note_not_taken
from qingting.chains.services.taking_in import take_in
from qingting.chains.services.vault import rotate_facts, rotate_words

__all__ = [
    "NewChain",
    "NewDrill",
    "Said",
    "act",
    "begin_drill",
    "look_at_facts",
    "note_late",
    "note_not_taken",
    "raise_chain",
    "rotate_facts",
    "rotate_words",
    "take_in",
]
