"""What the launcher says when it will not go on."""


class LaunchError(Exception):
    """A refusal that a person at a terminal can act on: what stands in the way, and what to do next."""

    def __init__(self, message: str, *, do_next: str) -> None:
        super().__init__(message)
        self.message = message
        self.do_next = do_next

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.do_next}"
