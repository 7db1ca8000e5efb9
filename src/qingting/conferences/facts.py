"""What the guests of a conference are told of a case: the traits its kind allows, and the words somebody wrote."""

from qingting.cases.models import Case
from qingting.cases.selectors import category_names
from qingting.conferences.kinds import TOLD, ConferenceKind
from qingting.contacts.models import Contact
from qingting.contacts.selectors import form_values
from qingting.core.actors import Actor
from qingting.directory.states import Urgency
from qingting.risk.selectors import latest_for_case, latest_for_contact
from qingting.seekers.models import Seeker
from qingting.seekers.states import AgeBand, Gender

Line = tuple[str, str]


def lines_for(actor: Actor, case: Case, kind: ConferenceKind, tells: frozenset[str], words: str) -> list[Line]:
    """The lines as the guests read them, at most what the kind allows and of that what was chosen. The case was read in
    sight. What is not known is left out."""
    known = {name: _trait(actor, case, name) for name in kind.tells if name in tells}
    lines = [(TOLD[name], text) for name, text in known.items() if text]
    return [*lines, ("情况", words.strip())] if words.strip() else lines


def _trait(actor: Actor, case: Case, name: str) -> str:
    if name == "category":
        return category_names({case.category}).get(case.category, "")
    if name == "risk":
        found = latest_for_case(actor, case.pk) or latest_for_contact(actor, case.contact_id)
        return str(Urgency(found.level).label) if found else ""
    column, labels = {"age": ("age_band", AgeBand), "gender": ("gender", Gender)}[name]
    code = _known(case, column)
    return str(labels(code).label) if code in labels.values else ""


def _known(case: Case, column: str) -> str:
    """What was said in the conversation, else what was known of the person before."""
    contact = Contact.objects.filter(pk=case.contact_id).first()
    said = form_values(contact).get(column, "") if contact else ""
    if said or not case.seeker_id:
        return str(said or "")
    return str(Seeker.objects.filter(pk=case.seeker_id).values_list(column, flat=True).first() or "")
