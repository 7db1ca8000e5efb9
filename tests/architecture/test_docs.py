"""What the documents say is there, is there: links, paths, code names, commands, variables, and the words on the screens."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.architecture.sources import ROOT

HOUSE = ROOT / "src" / "qingting"
DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "src/**/README.md") for path in ROOT.glob(pattern) if path.is_file()
)
TOUR = ROOT / "docs" / "tour.md"
MANUALS = sorted((ROOT / "docs" / "users").glob("*.md"))
VARIABLES = ROOT / "docs" / "operators" / "install.md"

TOP_FOLDERS = ("src/", "docs/", "tests/", "scripts/", "deploy/", "frontend/", "requirements/", ".ci/")
BASES = (ROOT, ROOT / "src", HOUSE, HOUSE / "core")
MADE_BY_RUNNING = ("frontend/node_modules", "src/qingting/sites/assets/vendor")

_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.@-]+(?:/[\w.@-]+)*/?")
_DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+(?:\(\))?")
_LABEL = re.compile(r"【([^】]+)】")
_VARIABLE = re.compile(r"QINGTING_[A-Z_]*[A-Z]")
_COMMAND = re.compile(r"\./qingting ([a-z][a-z-]*)")


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _prose(path: Path) -> str:
    return _FENCE.sub("", _text(path))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(document: Path):
    for target in _LINK.findall(_prose(document)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (document.parent / file).resolve() if file else document
        assert found.exists(), f"{_name(document)} links to {target}"
        if anchor:
            assert anchor in _anchors(found), f"{_name(document)} links to {target}, a heading that is not there"


def _anchors(document: Path) -> set[str]:
    """Headings as a link names them: small letters, without punctuation, spaces as dashes."""
    headings = re.findall(r"^#+ (.+)$", _prose(document), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_paths_in_backticks_exist(document: Path):
    for code in _CODE.findall(_prose(document)):
        if _PATH.fullmatch(code) and "/" in code and _is_ours(code):
            assert any((base / code).exists() for base in BASES), f"{_name(document)} names {code}"


def _is_ours(path: str) -> bool:
    """Whether it is meant as a file of this repository; what running makes is not looked for."""
    return path.startswith(TOP_FOLDERS) if not path.endswith(".py") else not path.startswith(MADE_BY_RUNNING)


def test_code_names_in_the_tour_resolve():
    named = [code.removesuffix("()") for code in _CODE.findall(_prose(TOUR)) if _DOTTED.fullmatch(code)]
    named = [name for name in named if not (ROOT / name).exists()]
    assert len(named) > 50, "the tour names functions as `room.module.function`"
    missing = [name for name in named if not _resolves(name)]
    assert not missing, f"docs/tour.md names {missing}"


def _resolves(name: str) -> bool:
    return any(_found(f"{prefix}{name}") for prefix in ("qingting.", "")) or _is_file_name(name)


def _is_file_name(name: str) -> bool:
    return name.rpartition(".")[2] in {"py", "js", "md", "html", "json", "toml"}


def _found(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            if not hasattr(value, part):
                return False
            value = getattr(value, part)
        return True
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_commands_exist(document: Path):
    unknown = set(_COMMAND.findall(_text(document))) - set(get_commands())
    assert not unknown, f"{_name(document)} tells people to run {sorted(unknown)}"


def test_every_variable_is_told_and_every_one_told_is_read():
    read = _variables_read()
    told = set(_VARIABLE.findall(_text(VARIABLES)))
    assert read - told == set(), f"{_name(VARIABLES)} does not explain them"
    for document in DOCUMENTS:
        assert set(_VARIABLE.findall(_text(document))) - read == set(), (
            f"{_name(document)} names variables nobody reads"
        )


def _variables_read() -> set[str]:
    """Of the platform, the launcher and the scripts; what tests set for themselves is left out."""
    found: set[str] = set()
    for folder in ("src", "scripts", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r'"(QINGTING_[A-Z_]*[A-Z])"', path.read_text("utf-8")))
    return found


@pytest.mark.parametrize("manual", MANUALS, ids=_name)
def test_manuals_use_the_words_on_the_screens(manual: Path):
    labels = _LABEL.findall(_text(manual))
    strange = sorted({label for label in labels if label not in _screens()})
    assert not strange, f"{_name(manual)} names what no page shows: {strange}"


@cache
def _screens() -> str:
    """Everything that may appear on a page: templates, scripts, and the labels in code."""
    patterns = (
        "qingting/**/*.html",
        "qingting/**/*.js",
        "qingting/**/*.py",
        "policedesk/**/*.html",
        "policedesk/**/*.py",
    )
    data = HOUSE / "directory" / "data"
    paths = [path for pattern in patterns for path in (ROOT / "src").glob(pattern) if "tests" not in path.parts]
    return "\n".join(path.read_text("utf-8") for path in [*paths, *data.glob("*.csv")])
