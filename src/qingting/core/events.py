"""Events: what happened, as ids and plain values, told once to the journal and to whoever `flow.py` names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from qingting.core.actors import Actor

MAX_DEPTH = 2
_by_name: dict[str, type["Event"]] = {}
_depth: ContextVar[int] = ContextVar("event_depth", default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of every event. Fields that end in `_id` are ids; all others are plain values, never personal data.

    name: dotted (`cases.opened`); subject: the field whose id the event is about; label: what a timeline says, in
    Chinese, with the event's own plain values in braces.
    organisation_id: the organisation whose journal this is; province: its GB/T 2260 province code.
    """

    name: ClassVar[str] = ""
    subject: ClassVar[str] = ""
    label: ClassVar[str] = ""

    organisation_id: int
    province: str

    def __init_subclass__(cls) -> None:
        if cls.name:
            _by_name[cls.name] = cls

    def ids(self) -> dict[str, int]:
        """Ids by kind: `case_id=5` is `{"case": 5}`. Empty ones are left out."""
        return {kind: value for kind, name in _ids_of(type(self)) if (value := getattr(self, name))}  # type: ignore[arg-type]

    def data(self) -> dict[str, Any]:
        """The plain values."""
        return {name: _plain(getattr(self, name)) for name in _values_of(type(self))}  # type: ignore[arg-type]

    def channels(self) -> list[str]:
        """Where browsers hear of it: one channel for each id, such as `case:5`; `handler_organisation_id=7` is heard
        on `organisation:7`."""
        return sorted({f"{_audience(kind)}:{value}" for kind, value in self.ids().items()})


@cache
def _ids_of(event: type[Event]) -> tuple[tuple[str, str], ...]:
    return tuple((f.name[:-3], f.name) for f in fields(event) if f.name.endswith("_id"))


@cache
def _values_of(event: type[Event]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(event) if not f.name.endswith("_id") and f.name != "province")


def described(name: str, data: Mapping[str, Any]) -> str:
    """The timeline's words for a journal entry; its dotted name where the event is no longer known."""
    event = _by_name.get(name)
    if event is None or not event.label:
        return name
    return event.label.format_map(_Forgiving(data))


def told_on_timelines() -> list[str]:
    """Names of the events that have words for a timeline."""
    return sorted(name for name, event in _by_name.items() if event.label)


def _audience(kind: str) -> str:
    return next((end for end in ("organisation", "account") if kind.endswith(f"_{end}")), kind)


class _Forgiving(dict[str, Any]):
    """An entry written before a value was added still reads well."""

    def __missing__(self, key: str) -> str:
        return ""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


Handler = Callable[..., None]


@cache
def _flow() -> Mapping[type[Event], tuple[Handler, ...]]:
    """The table that the setting EVENT_FLOW names, with its dotted handler names resolved."""
    table: Mapping[type[Event], tuple[str, ...]] = import_string(settings.EVENT_FLOW)
    return {event: tuple(import_string(name) for name in names) for event, names in table.items()}


def publish(event: Event, *, actor: Actor, at: datetime) -> None:
    """Write the event into the journal and run its handlers, all inside the caller's transaction.

    Raises RuntimeError outside a transaction or when a chain of events goes deeper than two.
    """
    from qingting.core.journal import append

    _refuse_misplaced(event)
    append(event, actor=actor, at=at)
    hand_on(event, at=at)


def publish_many(events: Sequence[Event], *, actor: Actor, at: datetime) -> None:
    """The same for many at once, by one statement; every event's handlers run, those marked `in_bulk` once for all.

    Events of one class stay in the order given. Raises as `publish`.
    """
    from qingting.core.journal import append_many

    by_class: dict[type[Event], list[Event]] = {}
    for event in events:
        by_class.setdefault(type(event), []).append(event)
        _refuse_misplaced(event)
    append_many(events, actor=actor, at=at)
    with _one_deeper():
        for event_class, told in by_class.items():
            for handler in _flow().get(event_class, ()):
                _run(handler, told, at)


def publish_stored(
    insert: str, parameters: Mapping[str, Any], events: Sequence[Event], *, actor: Actor, at: datetime
) -> None:
    """Store rows by an INSERT … RETURNING id, and tell of those that were stored and not there already: an event's subject is
    its row. One statement, which travels with the next; so only for events that nobody acts on."""
    from qingting.core.journal import append_stored, as_row

    for event in events:
        if _flow().get(type(event)):
            raise RuntimeError(f"{event.name} has handlers, who must know whether it happened")
        _refuse_misplaced(event)
    append_stored(insert, parameters, [as_row(event, actor=actor, at=at) for event in events])


def in_bulk(handler: Handler) -> Handler:
    """Mark a handler that takes a list of events of one class instead of a single one."""
    handler.takes_many = True  # type: ignore[attr-defined]
    return handler


def _run(handler: Handler, events: Sequence[Event], at: datetime) -> None:
    if getattr(handler, "takes_many", False):
        handler(events, at=at)
        return
    for event in events:
        handler(event, at=at)


@contextmanager
def _one_deeper() -> Iterator[None]:
    token = _depth.set(_depth.get() + 1)
    try:
        yield
    finally:
        _depth.reset(token)


def _refuse_misplaced(event: Event) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event.name} was published outside a transaction")
    if _depth.get() >= MAX_DEPTH:
        raise RuntimeError(f"{event.name} would be the third event in one chain")


def hand_on(event: Event, *, at: datetime) -> None:
    """Run an event's handlers. Called by `publish`, and by a statement that wrote the event's entry itself."""
    _refuse_misplaced(event)
    with _one_deeper():
        for handler in _flow().get(type(event), ()):
            _run(handler, [event], at)
