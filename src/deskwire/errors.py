"""What a call to another desk may end in: try again, or a person must look."""

from collections.abc import Sequence
from typing import Any


class DeskError(Exception):
    """A call that did not succeed. `code` is a problem code or one of `unreachable`, `untrusted`, `busy`."""

    def __init__(self, code: str, detail: str = "", status: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.status = status


class TransientError(DeskError):
    """The message is still good: keep it and try again, after `retry_after` seconds if that is given."""

    retry_after: float | None = None


class UnreachableError(TransientError):
    """No answer: the line is down, or too slow."""


class BusyError(TransientError):
    """The other desk asked for time (429, 503)."""

    def __init__(self, detail: str, status: int | None, retry_after: float | None) -> None:
        super().__init__("busy", detail, status)
        self.retry_after = retry_after


class NotTrustedError(TransientError):
    """One desk does not accept the other's signature, key or clock, or something on the way answered instead.

    The message waits, but waiting will not mend it: tell an administrator.
    """


class FinalError(DeskError):
    """The other desk refused this message for good; `errors` names the faults of a schema refusal by path."""

    def __init__(self, code: str, detail: str, status: int, errors: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(code, detail, status)
        self.errors = list(errors)
