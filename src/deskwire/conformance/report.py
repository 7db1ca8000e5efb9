"""Running the cases and reporting, for people and for machines."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial

import httpx

from deskwire.conformance.caller import Caller, CaseError, NotObservedError
from deskwire.conformance.cases import CASES, Case, acknowledgement, pull_in_order

MARKS = {"passed": "ok  ", "failed": "FAIL", "not-observed": "--  "}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case ended: passed, failed or not-observed, and why."""

    case: str
    promise: str
    outcome: str
    detail: str = ""


def run(caller: Caller, reply_timeout: float = 0.0, only: Iterable[str] = ()) -> list[Outcome]:
    """Run all cases (or only some, by name), then take the test's links back."""
    after: dict[str, Case] = {
        "acknowledgement": partial(acknowledgement, seconds=reply_timeout),
        "pull-in-order": pull_in_order,
    }
    promises = {"acknowledgement": acknowledgement.__doc__, "pull-in-order": pull_in_order.__doc__}
    chosen = set(only)
    outcomes = [
        _run_one(name, case, str(promises.get(name) or case.__doc__), caller)
        for name, case in {**CASES, **after}.items()
        if not chosen or name in chosen
    ]
    _tidy(caller)
    return outcomes


def in_words(outcomes: list[Outcome], desk: str) -> str:
    """Write the report for people."""
    lines = [f"deskwire 1.0 conformance of {desk}", ""]
    for item in outcomes:
        lines.append(f"{MARKS[item.outcome]}  {item.case:<24}{item.promise}")
        if item.detail:
            lines.append(f"      {item.detail}")
    failed = [item.case for item in outcomes if item.outcome == "failed"]
    passed = sum(item.outcome == "passed" for item in outcomes)
    lines += ["", f"{passed} passed, {len(failed)} failed, {len(outcomes) - passed - len(failed)} not observed"]
    return "\n".join([*lines, *([f"failed: {', '.join(failed)}"] if failed else [])])


def as_json(outcomes: list[Outcome], desk: str) -> str:
    """Write the report for machines."""
    document = {
        "desk": desk,
        "conforms": not any(item.outcome == "failed" for item in outcomes),
        "cases": [asdict(item) for item in outcomes],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _run_one(name: str, case: Case, promise: str, caller: Caller) -> Outcome:
    promise = promise.strip().splitlines()[0]
    try:
        case(caller)
    except NotObservedError as reason:
        return Outcome(name, promise, "not-observed", str(reason))
    except CaseError as reason:
        return Outcome(name, promise, "failed", str(reason))
    except httpx.HTTPError as error:
        return Outcome(name, promise, "failed", f"no answer: {type(error).__name__}")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Outcome(name, promise, "failed", f"the answer has another shape: {error!r}")
    return Outcome(name, promise, "passed")


def _tidy(caller: Caller) -> None:
    # Only links that the desk has all messages of can be taken back; the rest stay drills that nobody opened.
    for link_id in list(caller.links):
        try:
            status = caller.link_status(link_id)
            if status["fromYou"]["lastSeq"] == caller.links[link_id].last_sent:
                caller.post(caller.cancellation(link_id))
        except (CaseError, httpx.HTTPError, KeyError, TypeError):
            continue
        finally:
            caller.forget(link_id)
