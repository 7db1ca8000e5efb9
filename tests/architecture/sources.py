"""Reading the house's own source: every module with its room, parsed once."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "qingting"
NOT_ROOMS = {"config", "flow.py", "conftest.py", "__init__.py", "__main__.py"}


@dataclass(frozen=True)
class Module:
    """One Python file: its room, its path inside the room, and its tree."""

    path: Path
    room: str
    inside: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def modules() -> tuple[Module, ...]:
    """All modules of the rooms, tests and migrations left out."""
    found = []
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).parts
        if parts[0] in NOT_ROOMS or "tests" in parts or "migrations" in parts:
            continue
        found.append(Module(path, parts[0], "/".join(parts[1:]), ast.parse(path.read_text("utf-8"))))
    return tuple(found)


def house_imports(module: Module) -> list[tuple[str, str, list[str], int]]:
    """(room, file inside it, names, line) for every import of `qingting.<room>.<file>` in a module."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qingting.") and not node.level:
            parts = (node.module or "").split(".")[1:]
            names = [alias.name for alias in node.names]
            if len(parts) == 1:
                found += [(parts[0], name, [name], node.lineno) for name in names]
            else:
                found.append((parts[0], parts[1], names, node.lineno))
    return found
