"""What a service says when it refuses: a person reads what was refused, why, and what to do next."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal with a reason.

    message: Chinese, for people; code: dotted and stable, for machines (`cases.case.has-holds`);
    do_next: Chinese, one sentence that says what would help; status: the HTTP status a page answers with.
    """

    status = 409

    def __init__(self, message: str, *, code: str, do_next: str = "") -> None:
        super().__init__(message)
        self.message, self.code, self.do_next = message, code, do_next


class NotAllowed(DomainError):
    """The actor lacks the permission."""

    status = 403


class NotFound(DomainError):
    """Not there, or not within the actor's scope: from outside the two look the same."""

    status = 404


class Invalid(DomainError):
    """What was entered can't be used as it is; `fields` says of which field what is wrong, where that is known."""

    status = 422

    def __init__(self, message: str, *, code: str, do_next: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message, code=code, do_next=do_next)
        self.fields = dict(fields or {})


class Unreadable(DomainError):
    """What was sent can't be read at all."""

    status = 400


class TooMany(DomainError):
    """More often than is allowed; `retry_after` in seconds."""

    status = 429

    def __init__(self, message: str, *, code: str, do_next: str = "", retry_after: int = 60) -> None:
        super().__init__(message, code=code, do_next=do_next)
        self.retry_after = retry_after


def not_found(what: str, code: str) -> NotFound:
    """The usual refusal for a row out of sight; `what` names it in Chinese."""
    return NotFound(
        f"没有找到这个{what}。", code=code, do_next="请检查链接是否完整；如属其他单位，请联系对方开放查看。"
    )
