"""A page's forms and buttons, as a browser without script sees them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_CHOSEN = {"radio", "checkbox"}


@dataclass(slots=True)
class Form:
    """action: where it goes (`action`, or `hx-post`); values: what it would send as it stands; choices: what a field may
    hold, of selects and boxes; buttons: (name, value, words) of those that send something of their own."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.targets: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._button: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.targets += [given[name] for name in ("href", "hx-get", "hx-post") if name in given]
        if tag == "form":
            self._open = Form(given.get("action") or given.get("hx-post", ""))
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(self._open, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "button" and name:
            self._button = [name, given.get("value", ""), ""]
        elif tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option" and self._select:
            form.choices[self._select].append(given.get("value", ""))
            if "selected" in given:
                form.values[self._select] = given.get("value", "")
        elif tag == "input" and name and (given.get("type") not in _CHOSEN or "checked" in given):
            form.values[name] = given.get("value", "")
            form.choices.setdefault(name, []).append(given.get("value", ""))
        elif tag == "input" and name:
            form.choices.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._button[2] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "button" and self._button is not None and self._open is not None:
            name, value, words = self._button
            self._open.buttons.append((name, value, " ".join(words.split())))
            self._button = None
        elif tag == "select":
            self._select = ""


def forms_of(page: str) -> dict[str, Form]:
    """The forms of a page, by where they go."""
    reader = _Reader()
    reader.feed(page)
    return {form.action: form for form in reader.forms}


def targets_of(page: str) -> list[str]:
    """Every address that the page's links, fragments and buttons name, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.targets
