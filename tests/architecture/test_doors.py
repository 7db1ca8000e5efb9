"""What import-linter can't see: which files of a room others may enter by, and that nobody writes another room's tables."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Module, house_imports, modules

DOORS = {"models", "states", "events", "selectors", "services", "permissions"}
# A door of its own kind, with the reason it is one.
FURTHER_DOORS = {
    "directory": {"rules"},  # how divisions and committees are named, pure
    "staff": {"actors", "notices", "roles"},  # who somebody is, what they may, and the words of what they are told
    "knowledge": {"opening", "selfhelp", "shown"},  # opening hours, exercises and scales, how a text is laid out: pure
    "telephony": {"rules", "shapes"},  # how a number is masked, pure; what a browser signs in with
    "chat": {"visits", "shapes"},  # the portal lets visitors in and shows conversations
    "reception": {"forms", "rules"},  # the portal's form for leaving a message, and from which level danger counts
    "duty": {"rules"},  # how long a seat may be silent, pure
    "linkage": {"disclosure"},  # how what another desk is told reads in words, pure
    "cases": {"panels", "telling"},  # the list of panels that later rooms add to, and how a story is told
}
OPEN_ROOMS = {"core", "screening"}  # foundation and pure library: all of them is their door
WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save",
    "acreate", "aupdate", "adelete", "asave",
}  # fmt: skip


def _break_ins(module: Module) -> Iterator[str]:
    for room, file, _names, line in house_imports(module):
        if room in {module.room, "config", *OPEN_ROOMS} or module.room == "sites" == room:
            continue
        allowed = DOORS | FURTHER_DOORS.get(room, set())
        if file not in allowed:
            yield f"{module.name}:{line} enters {room} by {file}; doors are {sorted(allowed)}"


def test_rooms_are_entered_by_their_doors():
    assert not [found for module in modules() for found in _break_ins(module)]


def _foreign_models(module: Module) -> set[str]:
    return {
        name
        for room, file, names, _line in house_imports(module)
        if file == "models" and room not in {module.room, "core"}
        for name in names
    }


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def _foreign_writes(module: Module) -> Iterator[str]:
    foreign = _foreign_models(module)
    for node in ast.walk(module.tree):
        written = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        if written and _root(node.func.value) in foreign:
            yield f"{module.name}:{node.lineno} writes another room's table"


def test_only_the_owning_room_writes_its_tables():
    assert not [found for module in modules() for found in _foreign_writes(module)]


def test_no_foreign_key_is_named_by_a_string_of_another_room():
    """A string would let a room point ahead without an import that the linter sees; "self" and the own room are fine."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {
                "ForeignKey", "OneToOneField", "ManyToManyField",
            }:  # fmt: skip
                target = node.args[0] if node.args else None
                named = target.value if isinstance(target, ast.Constant) else "self"
                assert "." not in str(named), f"{module.name}:{node.lineno} names {named} by a string"


def test_no_model_overrides_save_and_no_signal_carries_behaviour():
    for module in modules():
        source = module.path.read_text("utf-8")
        assert not re.search(r"def (save|delete)\(self", source), f"{module.name} overrides save or delete"
        assert "django.db.models.signals" not in source, f"{module.name} uses signals"
