"""Permissions are declared by name where the act lives; roles (data, in `staff`) collect them. Code never asks for a role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """name: `room.act`; label: what an administrator reads on the page where roles are made up."""

    name: str
    label: str


_declared: dict[str, Permission] = {}


def declare(name: str, label: str) -> str:
    """Declare a permission once and return its name, so that `CLOSE = declare("cases.close", "结案")` reads well."""
    if name in _declared:
        raise ValueError(f"permission {name} is declared twice")
    _declared[name] = Permission(name, label)
    return name


def declared() -> dict[str, Permission]:
    """Every permission of the installed rooms, by name."""
    return dict(_declared)


READ_JOURNAL = declare("core.read-journal", "查看操作日志")
VERIFY_JOURNAL = declare("core.verify-journal", "校验日志完整性")
