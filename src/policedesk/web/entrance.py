"""Signing in and out."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from policedesk.desk import Parts
from policedesk.operators import SESSION, Operator, SignInError
from policedesk.web.render import Pages
from policedesk.web.security import (
    SESSION_COOKIE,
    SIGN_IN_COOKIE,
    Form,
    new_token,
    read_form,
    same_token,
)


class Entrance:
    """The sign-in page."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages

    async def show(self, _request: Request) -> Response:
        """Show the form."""
        return await run_in_threadpool(self._form)

    async def submit(self, request: Request) -> Response:
        """Check the password and open a session."""
        form = await read_form(request)
        if not same_token(form.text("form_token"), request.cookies.get(SIGN_IN_COOKIE, "")):
            return await run_in_threadpool(self._form, "页面已过期，请重新登录。", "", 403)
        return await run_in_threadpool(self._sign_in, form)

    def leave(self, request: Request, _operator: Operator, _form: Form) -> Response:
        """End the session."""
        self._parts.operators.sign_out(request.cookies.get(SESSION_COOKIE, ""))
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(SESSION_COOKIE)
        return answer

    def _sign_in(self, form: Form) -> Response:
        code = form.text("code")
        try:
            token = self._parts.operators.sign_in(code, form.text("password"))
        except SignInError as refusal:
            return self._form(str(refusal), code, 403)
        answer = RedirectResponse("/", 303)
        self._cookie(answer, SESSION_COOKIE, token, int(SESSION.total_seconds()))
        answer.delete_cookie(SIGN_IN_COOKIE)
        return answer

    def _form(self, error: str = "", code: str = "", status: int = 200) -> Response:
        token, anyone = new_token(), self._parts.operators.any_exist()
        answer = self._pages.page("sign_in.html", None, status, form_token=token, error=error, code=code, anyone=anyone)
        self._cookie(answer, SIGN_IN_COOKIE, token, 3600)
        return answer

    def _cookie(self, answer: Response, name: str, value: str, seconds: int) -> None:
        secure = self._parts.settings.secure_cookies
        answer.set_cookie(name, value, seconds, httponly=True, samesite="strict", secure=secure)
