"""Files under 400 lines, functions under 40, and no drawer for odds and ends."""

import ast

from tests.architecture.sources import ROOT, modules

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
DRAWERS = {"utils", "helpers", "common", "managers", "signals"}
CODE = {".py", ".js", ".css", ".html", ".mjs"}


def written_files():
    for folder in ("src", "tests", "scripts", "frontend"):
        for path in sorted((ROOT / folder).rglob("*")):
            skipped = {"vendor", "node_modules", "migrations", "__pycache__"} & set(path.parts)
            if path.is_file() and path.suffix in CODE and not skipped:
                yield path


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {
        str(p.relative_to(ROOT)): n
        for p in written_files()
        if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def functions():
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module.name}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_a_screen():
    assert not {name: lines for name, lines in functions() if lines > LONGEST_FUNCTION}


def test_there_is_no_drawer_for_odds_and_ends():
    assert not [p for p in written_files() if p.stem in DRAWERS or DRAWERS & set(p.parts)]
