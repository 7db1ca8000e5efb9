"""Pages to look at: the list, one incident, and the pieces of both that keep themselves fresh."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from policedesk.desk import Parts
from policedesk.numbers import peek_incident_number
from policedesk.operators import Operator
from policedesk.selectors import Incident, find_incident, history, list_incidents
from policedesk.web.render import Pages

DONE = {
    "acknowledgement": "已签收，警情单号正送往 12355，送达情况见往来记录。",
    "rejection": "已退回，退回理由正送往 12355，送达情况见往来记录。",
    "progress": "进展正送往 12355，送达情况见往来记录。",
    "result": "处置结果正送往 12355，送达情况见往来记录。",
    "note": "补充正送往 12355，送达情况见往来记录。",
    "cancellation": "撤回正送往 12355，送达情况见往来记录。",
    "call-request": "已请求加入通话，等 12355 的咨询师同意。请打开“电话”页，同意后那里会响铃。",
    "handoff": "已存入发件箱，正送往 12355，送达情况见往来记录。",
    "again": "已放回发件箱，正在重新发送。",
}


PIECES = {name: f"_{name}.html" for name in ("standing", "news", "facts", "history", "actions")}


class Views:
    """The desk's readable pages."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages

    def index(self, _request: Request, operator: Operator) -> Response:
        """Show the list."""
        return self._pages.page("index.html", operator, incidents=list_incidents(self._parts.database))

    def rows(self, _request: Request, operator: Operator) -> Response:
        """Show the list's rows alone."""
        return self._pages.page("_rows.html", operator, incidents=list_incidents(self._parts.database))

    def line(self, _request: Request, operator: Operator) -> Response:
        """Show the state of the line alone."""
        return self._pages.page("_line.html", operator)

    def incident(self, request: Request, operator: Operator) -> Response:
        """Show one incident."""
        done = DONE.get(request.query_params.get("done", ""), "")
        return self.show(str(request.path_params["link_id"]), operator, done=done)

    def piece(self, request: Request, operator: Operator) -> Response:
        """Show one piece of an incident's page: one of PIECES."""
        name = PIECES.get(request.path_params["piece"], "")
        if not name:
            raise HTTPException(404, "没有这一部分。")
        incident = self._found(str(request.path_params["link_id"]))
        return HTMLResponse(self._pages.text(name, operator, **self._context(incident, error="", values={})))

    def show(
        self,
        link_id: str,
        operator: Operator,
        *,
        done: str = "",
        error: str = "",
        values: dict[str, str] | None = None,
    ) -> HTMLResponse:
        """Render an incident's page, with what was just done or refused."""
        context = self._context(self._found(link_id), error=error, values=values or {})
        return self._pages.page("incident.html", operator, 409 if error else 200, done=done, **context)

    def _found(self, link_id: str) -> Incident:
        incident = find_incident(self._parts.database, link_id)
        if incident is None:
            raise HTTPException(404, "没有这条警情。")
        return incident

    def _context(self, incident: Incident, **more: Any) -> dict[str, Any]:
        database, settings = self._parts.database, self._parts.settings
        suggested = peek_incident_number(database, settings.me.region_code, self._parts.clock())
        lines = history(database, incident.link.link_id)
        return {"incident": incident, "lines": lines, "suggested": suggested, **more}
