"""The operator of the reference 110 desk, at its pages."""

import re
from dataclasses import dataclass

from qingting.simulation.accounts import DeskAccount
from qingting.simulation.browser import Browser, RefusedError
from qingting.simulation.forms import forms_of, targets_of

_INCIDENT = re.compile(r"^/incidents/[0-9a-f-]{36}$")


@dataclass(slots=True)
class Operator:
    """An operator signed in at the desk."""

    browser: Browser

    def incidents(self) -> list[str]:
        """Addresses of the incidents on the desk's first page."""
        targets = targets_of(self.browser.get("/", step="desk: list").text)
        return list(dict.fromkeys(target for target in targets if _INCIDENT.match(target)))

    def can(self, incident: str) -> set[str]:
        """The acts whose forms the incident's page shows: `acknowledgement`, `progress`, `result` …"""
        forms = forms_of(self.browser.get(incident, step="desk: incident").text)
        return {action.removeprefix(f"{incident}/") for action in forms if action.startswith(f"{incident}/")}

    def act(self, incident: str, kind: str, **fields: str) -> None:
        """Fill in one of the incident's forms. Raises RefusedError where the page shows a refusal."""
        action = f"{incident}/{kind}"
        page = self.browser.get(incident, step="desk: incident").text
        form = forms_of(page).get(action)
        if form is None:
            raise RefusedError(f"desk: {kind}", 409, "desk.form.absent")
        answer = self.browser.request("POST", action, step=f"desk: {kind}", data={**form.values, **fields})
        if answer.status_code != 303:
            raise RefusedError(f"desk: {kind}", answer.status_code, "desk.form.refused")


def sign_in_at_desk(account: DeskAccount, browser: Browser) -> Operator:
    """Sign in; raises RefusedError with a wrong password."""
    form = forms_of(browser.get("/sign-in", step="desk: sign-in").text)["/sign-in"]
    fields = {**form.values, "code": account.code, "password": account.password}
    answer = browser.request("POST", "/sign-in", step="desk: sign-in", data=fields)
    if answer.status_code != 303:
        raise RefusedError("desk: sign-in", answer.status_code, "desk.sign-in.refused")
    return Operator(browser)
