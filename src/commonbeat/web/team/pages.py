"""The page on which owners look after the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from commonbeat.errors import InputError, Mistake
from commonbeat.web.forms import texts_of
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_team import last_entries
from commonbeat.workflows.web_users import ROLES, list_users, remove_user, set_user

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


@needs("owner")
def team(request: Request) -> Response:
    """Everybody who can sign in, a form for one more, and the end of the log."""
    return _page(request)


@needs("owner")
def set_one(request: Request) -> Response:
    """A user is made, or has another role or password; or the form again, with every mistake."""
    form = texts_of(request.state.form)
    name, role = form.get("name", "").strip(), form.get("role", "")
    try:
        _demand_twice(form)
        set_user(request.app.state.store, name, form.get("password", ""), role or None)
    except InputError as error:
        return _page(request, error=error, name=name, chosen=role)
    return RedirectResponse("/team", status_code=303)


@needs("owner")
def remove(request: Request) -> Response:
    """A user is gone, and their sessions with them; or the page says why not."""
    name = texts_of(request.state.form).get("name", "")
    try:
        remove_user(request.app.state.store, name)
    except InputError as error:
        return _page(request, error=error)
    return RedirectResponse("/team", status_code=303)


def _demand_twice(form: dict[str, str]) -> None:
    """The password was typed the same way twice, or InputError."""
    if form.get("password", "") != form.get("again", ""):
        mistake = Mistake("password", None, "was typed differently twice", "Type both anew.")
        raise InputError("Nothing was changed:", [mistake])


def _page(request: Request, *, error: InputError | None = None, name: str = "", chosen: str = "") -> Response:
    store = request.app.state.store
    return page(
        request,
        "team/team.html.j2",
        status=400 if error else 200,
        users=list_users(store),
        entries=last_entries(store),
        roles=ROLES,
        error=error,
        name=name,
        chosen=chosen or ROLES[0],
    )
