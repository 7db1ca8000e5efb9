"""The one timeline of a crisis: everything the journal knows of the contact, its talk or call, its assessments and its case, oldest
first, each line with who did it and the words they gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from qingting.contacts.models import Contact
from qingting.core.events import described, told_on_timelines
from qingting.core.models import Entry
from qingting.directory.states import ClockKind
from qingting.risk.models import CaseLink, CrisisTask, RiskAssessment, StepTaken
from qingting.risk.selectors import crisis_subject
from qingting.risk.states import CrisisStep
from qingting.staff.selectors import display_names

MOST_LINES = 400
_NOBODY = {"seeker": "来访者", "desk": "联动单位", "system": "系统"}
_CLOCK = {
    "core.clock-warned": "危机介入时限快到了",
    "core.clock-breached": "危机介入超过了时限",
    "core.clock-escalated": "危机介入仍未开始，已报上级",
}
_GRAVE = {"chat.danger-seen", "telephony.danger-noted", "core.clock-breached", "core.clock-escalated"}
# What somebody looked up, and what only says that a form was kept, is in the journal; here it would hide what was done.
_LEFT_OUT = {"risk.whereabouts-read", "risk.plan-read", "risk.whereabouts-resealed"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, what in plain words, who, the words they gave, whether it is grave."""

    at: datetime
    what: str
    who: str
    words: str
    grave: bool


def timeline(contact: Contact) -> list[Line]:
    """The lines of a contact that the caller has been allowed to see."""
    names = [name for name in told_on_timelines() if name not in _LEFT_OUT]
    told = Q(name__in=names) | Q(name__in=_CLOCK, data__kind=ClockKind.CRISIS_INTERVENTION)
    rows = list(Entry.objects.filter(_about(contact)).filter(told).order_by("-at", "-pk")[:MOST_LINES])[::-1]
    people, words = display_names({row.account_id or 0 for row in rows}), _Words(contact, rows)
    return [
        Line(
            at=row.at,
            what=_CLOCK.get(row.name) or described(row.name, row.data),
            who=people.get(row.account_id or 0) or _NOBODY.get(row.acting_as, ""),
            words=words.of(row),
            grave=row.name in _GRAVE,
        )
        for row in rows
    ]


def _about(contact: Contact) -> Q:
    assessments = RiskAssessment.objects.filter(contact_id=contact.pk).values("pk")
    about = Q(subject_kind="contact", subject_id=contact.pk)
    about |= Q(subject_kind="assessment", subject_id__in=list(assessments.values_list("pk", flat=True)))
    subject = crisis_subject(contact)
    if subject is not None:
        about |= Q(subject_kind=subject[0], subject_id=subject[1])
        about |= Q(name__in=_CLOCK, data__subject_kind=subject[0], ids__matter=subject[1])
    case_id = CaseLink.objects.filter(contact_id=contact.pk).values_list("case_id", flat=True).first()
    return about | Q(case_id=case_id) if case_id else about


class _Words:
    """The words people gave, which no journal entry holds."""

    def __init__(self, contact: Contact, rows: Sequence[Entry]) -> None:
        self._reasons = dict(RiskAssessment.objects.filter(contact_id=contact.pk).values_list("pk", "reason"))
        tasks = CrisisTask.objects.filter(contact_id=contact.pk)
        self._tasks = {task.pk: task for task in tasks}
        self._names = display_names({task.account_id for task in tasks})
        self._steps = list(StepTaken.objects.filter(contact_id=contact.pk).order_by("taken_at"))
        self._rows = rows

    def of(self, row: Entry) -> str:
        if row.name == "risk.assessed":
            return self._reasons.get(row.subject_id, "")
        task = self._tasks.get(row.ids.get("task", 0))
        if task is not None:
            done = task.done_words if row.name == "risk.task-ended" else ""
            return "：".join(part for part in (f"{self._names.get(task.account_id, '')}——{task.words}", done) if part)
        if row.name == "risk.step-taken":
            return self._of_step(row)
        return ""

    def _of_step(self, row: Entry) -> str:
        code = row.data.get("step", "")
        taken = [step for step in self._steps if step.step == code and step.taken_at == row.at]
        label = str(CrisisStep(code).label) if code in CrisisStep.values else ""
        words = taken[0].words if taken else ""
        return words if label in described(row.name, row.data) else "：".join(part for part in (label, words) if part)
