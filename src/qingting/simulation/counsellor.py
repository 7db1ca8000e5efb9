"""A counsellor at a seat, by the addresses that the seat's page calls."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from qingting.simulation.browser import Browser, RefusedError
from qingting.simulation.forms import Form, forms_of, targets_of

_OFFER = re.compile(r"^/conversations/offers/\d+/accept$")
_CONTACT = re.compile(r"^/contacts/(\d+)/panel$")
_CASE = re.compile(r"/cases/(\d+)/")
RECORD = {"caller_kind": "SELF", "age_band": "FROM_14_TO_17", "dispositions": ["ANSWERED"]}


def _first(pattern: re.Pattern[str], targets: list[str]) -> str:
    return next((found[1] for target in targets if (found := pattern.search(target))), "")


@dataclass(slots=True)
class Counsellor:
    """Somebody signed in whose post takes conversations."""

    browser: Browser

    def be(self, state: str = "READY") -> None:
        """Say that one is ready, on a break, or gone (`OFFLINE`)."""
        self.browser.post("/duty/presence/set", {"state": state}, step="counsellor: presence")

    def stay(self) -> None:
        """The page is open: its heartbeat."""
        self.browser.post("/duty/presence/heartbeat", {}, step="counsellor: heartbeat")

    def take_offer(self) -> int:
        """Take what is on offer; returns the conversation, or 0 where nothing is or a colleague was faster."""
        page = self.browser.get("/duty/offers", step="counsellor: offers").text
        offer = next((target for target in targets_of(page) if _OFFER.match(target)), "")
        if not offer:
            return 0
        try:
            answer = self.browser.post(offer, {}, step="counsellor: accept")
        except RefusedError:
            return 0
        found = re.search(r"/(\d+)/", answer.headers.get("HX-Redirect", ""))
        return int(found[1]) if found else 0

    def in_hand(self) -> list[int]:
        """Conversations this person is in."""
        page = self.browser.get("/conversations/mine", step="counsellor: in hand").text
        found = (re.search(r"/seat/(\d+)/", target) for target in targets_of(page))
        return list(dict.fromkeys(int(one[1]) for one in found if one))

    def say(self, conversation: int, text: str, key: str = "") -> int:
        """Answer; returns its number. Answering again under the same key changes nothing."""
        said = {"text": text, "key": key or uuid.uuid4().hex}
        answer = self.browser.post(f"/conversations/{conversation}/messages", json=said, step="counsellor: say")
        return int(answer.json()["seq"])

    def read(self, conversation: int, after: int = 0) -> dict[str, Any]:
        """What was said behind a number, with danger signs, and the talk's danger level."""
        address = f"/conversations/{conversation}/messages"
        found: dict[str, Any] = self.browser.get(address, step="counsellor: read", params={"after": after}).json()
        return found

    def end(self, conversation: int) -> None:
        """End the talk."""
        self.browser.post(f"/conversations/{conversation}/end", {}, step="counsellor: end")

    def contact_of(self, conversation: int) -> int:
        """The contact record beside the talk."""
        page = self.browser.get(f"/workbench/seat/{conversation}/", step="counsellor: seat").text
        return int(_first(_CONTACT, targets_of(page)) or 0)

    def fill_in(self, contact: int, *, level: str, summary: str, division: str) -> str:
        """Fill the record in and register it; returns the category that was chosen."""
        form = self._form(f"/contacts/{contact}/panel", f"/contacts/{contact}/save", "counsellor: record")
        category = next(code for code in form.choices.get("category", []) if code)
        said = {**form.values, **RECORD, "category": category, "risk_level": level, "summary": summary}
        said |= {"declared_division": division, "keep_seeker": "on"}
        self.browser.post(form.action, said, step="counsellor: register")
        return category

    def assess(self, contact: int, *, level: str, where: str) -> None:
        """Record what was asked about the danger, and one's own judgement."""
        address = f"/risk/contacts/{contact}/assessments"
        form = self._form(f"/risk/contacts/{contact}/panel", address, "counsellor: risk")
        critical = {"ideation": "ACTIVE", "timing": "UNDER_WAY", "company": "ALONE"} if level == "CRITICAL" else {}
        answers = {name: code for name, code in critical.items() if code in form.choices.get(name, [])}
        said = {**form.values, **answers, "level": level, "reason": "依据谈话内容综合判断", "whereabouts": where}
        self.browser.post(address, {**said, "whereabouts_source": "TOLD"}, step="counsellor: assess")

    def open_case(self, contact: int, *, urgency: str, division: str, category: str) -> int:
        """Open a case from the contact; opening it again gives the same one."""
        said = {"category": category, "urgency": urgency, "division": division, "summary": "持续跟进"}
        page = self.browser.post(f"/cases/contacts/{contact}/open", said, step="counsellor: open case").text
        return int(_first(_CASE, targets_of(page)) or 0)

    def send_order(self, case: int, *, urgency: str, division: str, instructions: str) -> None:
        """Write an order and send it to the first organisation that the form proposes."""
        form = self._form(f"/orders/cases/{case}/panel", f"/orders/cases/{case}/send", "counsellor: order form")
        handler = form.values.get("handler") or next(code for code in form.choices["handler"] if code)
        kind = form.values.get("kind") or form.choices["kind"][0]
        said = {"kind": kind, "urgency": urgency, "division": division, "instructions": instructions}
        self.browser.post(form.action, {**form.values, **said, "handler": handler}, step="counsellor: send order")

    def hand_off(self, case: int, *, item: int, words: str) -> None:
        """The one click to 110."""
        self.browser.post(
            f"/linkage/cases/{case}/hand-off", {"item": item, "words": words}, step="counsellor: hand off"
        )

    def _form(self, page: str, action: str, step: str) -> Form:
        forms = forms_of(self.browser.get(page, step=step).text)
        if action not in forms:
            raise RefusedError(step, 409, "simulation.form.absent")
        return forms[action]
