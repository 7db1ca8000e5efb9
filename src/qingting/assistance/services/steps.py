"""What every act does: lock, take the move, keep the words, tell."""

from datetime import datetime
from typing import Any

from qingting.assistance import selectors
from qingting.assistance.events import AidEvent
from qingting.assistance.models import AidApplication, AidNote
from qingting.assistance.states import MOVES, AidState, NoteKind
from qingting.core.actors import Actor
from qingting.core.crypto import seal
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.events import publish
from qingting.directory.selectors import ancestor_at
from qingting.staff.services import News, notify_account, notify_holders


def locked(actor: Actor, application_id: int, permission: str) -> AidApplication:
    """The application with its row locked, for whoever holds the permission over its organisation."""
    found = selectors.application_of(actor, application_id)
    actor.require(permission, found.organisation_id)
    return AidApplication.objects.select_for_update(of=("self",)).select_related("case").get(pk=found.pk)


def move(application: AidApplication, act: str, **fields: object) -> None:
    """Change the state if `act` is allowed from it."""
    target = MOVES.get((application.state, act))
    if target is None:
        raise DomainError(
            f"申请现在是“{AidState(application.state).label}”，不能这样操作。",
            code="assistance.wrong-state",
            do_next="请刷新页面查看最新状态。",
        )
    application.state = target
    for name, value in fields.items():
        setattr(application, name, value)
    application.save(update_fields=["state", *fields])


def refuse_same_person(actor: Actor, *others: int | None) -> None:
    """Two people review, and neither is who applied."""
    if actor.account_id in others:
        raise NotAllowed(
            "申请、初审和审批要由三个不同的人来做。",
            code="assistance.same-person",
            do_next="请另一位同事办理。",
        )


def note(application: AidApplication, kind: NoteKind, words: str, by: tuple[Actor, datetime]) -> AidNote:
    """Keep the words of a step, sealed; Invalid without words."""
    actor, at = by
    if len(words.strip()) < 2:
        raise Invalid("请写几句说明。", code="assistance.words-missing", do_next="写明依据和情况，以后查得到。")
    return AidNote.objects.create(
        organisation_id=application.organisation_id,
        province=application.province,
        application=application,
        kind=kind,
        words_sealed=seal(words.strip(), field=selectors.WORDS),
        account_id=actor.account_id,
        at=at,
    )


def tell(event: type[AidEvent], kept: AidNote, by: tuple[Actor, datetime], **more: Any) -> None:
    """Into the journal of the application's organisation."""
    announce(event, kept.application, by, note_id=kept.pk, **more)


def announce(event: type[AidEvent], application: AidApplication, by: tuple[Actor, datetime], **more: Any) -> None:
    """Into the journal of the application's organisation, also where nothing was said."""
    actor, at = by
    told = event(
        organisation_id=application.organisation_id,
        province=application.province,
        aid_application_id=application.pk,
        case_id=application.case_id,
        acting_organisation_id=actor.organisation_id,
        kind_label=str(application.get_kind_display()),
        **more,
    )
    publish(told, actor=actor, at=at)


def ask(application: AidApplication, kind: str, permission: str, *, at: datetime) -> None:
    """Whoever may act next hears of it, here and one step up the tree."""
    for level in (0, 1):
        house = ancestor_at(application.organisation_id, level)
        notify_holders(organisation_id=house, permission=permission, news=_news(application, kind), at=at)


def answer(application: AidApplication, kind: str, account_id: int, *, at: datetime) -> None:
    """Whoever asked hears what became of it."""
    news = _news(application, kind)
    notify_account(organisation_id=application.organisation_id, account_id=account_id, news=news, at=at)


def _news(application: AidApplication, kind: str) -> News:
    return News(kind=kind, subject=("aid_application", application.pk), urgency="ROUTINE", case_id=application.case_id)
