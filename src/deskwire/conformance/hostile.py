"""Cases in which the caller means harm, or its software is broken: refused by name, quickly, and with nothing left behind."""

import time
from typing import Any

from deskwire import BASE_PATH
from deskwire.conformance.caller import MESSAGES, Caller, Spoil, changed, expect, must

LONGEST = 10.0
"""Seconds that a desk may take to refuse the worst request within its limits; a busy desk on a small machine needs under one."""
_BROKEN = {
    "nested without end": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "lists without end": b"[" * 100_000,
    "NUL": b'{"type":"hand\\u0000off"}',
    "a lone surrogate": b'{"type":"\\ud800"}',
    "NaN": b'{"seq":NaN}',
    "a number without end": b'{"seq":' + b"9" * 5_000 + b"}",
    "a number beyond all": b'{"seq":1e999}',
    "UTF-16": '{"seq":1}'.encode("utf-16"),
    "nothing": b"",
}


def hostile_json(caller: Caller) -> None:
    """JSON that two libraries could read differently, or that has no end, is refused with 400."""
    for name, raw in _BROKEN.items():
        heard = caller.call("POST", MESSAGES, raw, Spoil(headers={"content-type": "application/json"}))
        must(heard.status == 400, f"{name}: expected status 400, got {heard.status}")


def crowded_list(caller: Caller) -> None:
    """A list with thousands of items, right or wrong ones, is refused with 422 before it occupies the desk."""
    right: dict[str, Any] = {"role": "OTHER", "under14": None}
    crowds: list[list[dict[str, Any]]] = [[{}] * 40_000, [right] * 5_000]
    for persons in crowds:
        message = caller.handoff()
        began = time.monotonic()
        heard = caller.post(changed(message, body={**message.body, "persons": persons}))
        expect(heard, 422, code="schema")
        must(time.monotonic() - began < LONGEST, f"it took {time.monotonic() - began:.0f} s to refuse one message")
        _unknown(caller, message.link_id)


def unknown_type(caller: Caller) -> None:
    """A type that this version does not have is refused with 422."""
    message = caller.handoff()
    expect(caller.post(changed(message, type="erase")), 422, code="schema")
    _unknown(caller, message.link_id)


def unknown_version(caller: Caller) -> None:
    """A schemaVersion that the desk has not announced is refused with 422."""
    message = caller.handoff()
    expect(caller.post(changed(message, schemaVersion="9.9")), 422, code="schema")
    _unknown(caller, message.link_id)


def media_type(caller: Caller) -> None:
    """A body that is not application/json is refused with 415."""
    message = caller.handoff()
    expect(caller.post(message, Spoil(headers={"content-type": "text/plain"})), 415)
    _unknown(caller, message.link_id)


def far_ahead(caller: Caller) -> None:
    """A seq far ahead of what was received is refused with 409 and may be sent again later."""
    message = caller.handoff()
    expect(caller.post(message), 202)
    note = caller.note(message.link_id)
    expect(caller.post(changed(note, seq=1_000)), 409, code="seq-too-far")
    expect(caller.post(note), 202)


HOSTILE = (hostile_json, crowded_list, unknown_type, unknown_version, media_type, far_ahead)
"""The cases, in the order they run."""


def _unknown(caller: Caller, link_id: str) -> None:
    caller.forget(link_id)
    heard = caller.call("GET", f"{BASE_PATH}/links/{link_id}")
    must(heard.status == 404, "the refused message left a link behind")
