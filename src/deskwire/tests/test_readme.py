"""The published page tells the truth: its worked example can be recomputed, its tables are complete."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import deskwire
from deskwire.canonical import canonical, message_digest
from deskwire.conformance.cases import CASES
from deskwire.keys import Identity, Party, PrivateKey
from deskwire.lifecycle import State
from deskwire.problems import KINDS
from deskwire.schema import faults
from deskwire.signing import Request, sign_request
from deskwire.suites import SUITES

README = (Path(deskwire.__file__).parent / "README.md").read_text("utf-8")
MESSAGE = {
    "messageId": "5f0c2a52-7a0e-4b9e-9d0c-2f1b6a3c4d5e",
    "linkId": "8b1d4c1e-3c55-4c57-8f6e-0d9a7b6c5d4e",
    "seq": 1,
    "type": "handoff",
    "schemaVersion": "1.0",
    "sentAt": "2026-11-22T05:07:00.000Z",
    "sender": {"desk": "desk-12355", "regionCode": "440100"},
    "receiver": {"desk": "desk-110", "regionCode": "440106"},
    "replyBy": "2026-11-22T05:08:00.000Z",
    "body": {
        "listItem": {
            "direction": "12355-to-110",
            "no": 1,
            "listVersion": "gd-2024-25",
            "urgency": "CRITICAL",
            "linkMode": "ONE_CLICK_HANDOFF",
        },
        "workOrderNo": "GD20261122-0007",
        "summary": "来电人称今晚要从天台跳下",
        "disclosureBasis": {"code": "LIFE_AT_STAKE"},
        "retainUntil": "2027-11-22",
    },
}
PRIVATE = bytes(range(32))


def example() -> dict[str, str]:
    """Compute the worked example: header fields, digest and canonical body, from a key anyone can make."""
    key = PrivateKey("desk-12355", "example-1", "ed25519", PRIVATE, SUITES["ed25519"].public_of(PRIVATE))
    body = canonical(MESSAGE)
    at = datetime(2026, 11, 22, 5, 7, tzinfo=UTC)
    me = Identity(Party("desk-12355", "440100"), key)
    fields = sign_request(Request("POST", "/deskwire/v1/messages", body), me, "desk-110", at, "b7e1c9d2f4a6")
    return {**fields, "digest": message_digest(MESSAGE), "body": body.decode()}


@pytest.mark.parametrize("part", ["content-digest", "signature-input", "signature", "digest", "body"])
def test_the_worked_example_is_what_the_code_makes(part):
    assert faults(MESSAGE) == []
    assert example()[part] in README


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_refusal_stands_in_the_table(code):
    assert f"| {KINDS[code].status} | `{code}` |" in README


def test_every_state_and_case_is_named():
    for name in [*State, *CASES, "acknowledgement", "pull-in-order"]:
        assert f"`{name}`" in README
