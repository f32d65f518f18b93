"""Links leave the app once, on the page that answers the button: on a list, on a sheet with codes, at a kiosk, in a file for a day without a network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from commonbeat.errors import InputError, Mistake
from commonbeat.web.forms import texts_of, uploads_of
from commonbeat.web.listen.pages import MOST_AT_ONCE, kept_of, study_page
from commonbeat.web.listen.saying import sayings
from commonbeat.web.pages import base_of, page
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
HEADING: Final = "No link was made:"


@needs("analyst")
def invited(request: Request) -> Response:
    """Personal links, shown once: as a list or as a sheet to print and cut."""
    from commonbeat.workflows.listen_keep import invite

    study, form = kept_of(request).study, texts_of(request.state.form)
    try:
        count = _count(form.get("count", ""))
        made = invite(request.app.state.store, study.identifier, count, audience=form.get("audience") or None)
    except InputError as error:
        return study_page(request, refused=error)
    tokens = [each.token for each in made]
    if form.get("as") == "sheet":
        return _sheet(request, tokens, "open", form.get("language", ""))
    return _links_page(request, tokens, "personal")


@needs("analyst")
def linked(request: Request) -> Response:
    """A link that many use, shown once, with its code."""
    from commonbeat.workflows.listen_keep import open_link

    study, form = kept_of(request).study, texts_of(request.state.form)
    kind = form.get("kind", "")
    try:
        token = open_link(request.app.state.store, study.identifier, kind, audience=form.get("audience") or None)  # pyright: ignore[reportArgumentType] - refused where it is none
    except InputError as error:
        return study_page(request, refused=error)
    return _links_page(request, [token], kind)


@needs("analyst")
def sheet(request: Request) -> Response:
    """The links of the page before as a sheet with codes, to print."""
    kept_of(request)
    form = request.state.form
    tokens = _tokens(request)
    kind = "open" if form.get("kind") not in ("kiosk", "offline") else str(form.get("kind"))
    return _sheet(request, tokens, kind, str(form.get("language") or "")) if tokens else _none(request)


@needs("analyst")
def listed(request: Request) -> Response:
    """The links of the page before as a file of CSV, for a mail merge: one a row, the column called link, as the command line writes it."""
    from commonbeat.workflows.listen_links import link_to

    study, tokens = kept_of(request).study, _tokens(request)
    if not tokens:
        return _none(request)
    rows = ["link", *(link_to(base_of(request), token) for token in tokens)]
    headers = {"Content-Disposition": f'attachment; filename="links-{study.identifier}.csv"'}
    return Response("".join(f"{row}\n" for row in rows), media_type="text/csv", headers=headers)


@needs("analyst")
def revoked(request: Request) -> Response:
    """Nobody new can come by that link."""
    from commonbeat.workflows.listen_keep import revoke_link

    study = kept_of(request).study
    try:
        revoke_link(request.app.state.store, study.identifier, texts_of(request.state.form).get("link", ""))
    except InputError as error:
        return study_page(request, refused=error)
    return RedirectResponse(f"/listen/of/{study.identifier}", status_code=303)


@needs("analyst")
def brought(request: Request) -> Response:
    """What a device saved on a day without a network is kept, each response once however often its file is brought."""
    from commonbeat.web.security.child_device import document_of
    from commonbeat.workflows.listen_keep import open_link, revoke_link, synchronise

    study, store = kept_of(request).study, request.app.state.store
    upload = uploads_of(request.state.form).get("file")
    if upload is None:
        mistake = Mistake("file", None, "is missing", "Choose the file that the device saved.")
        return study_page(request, refused=InputError("Nothing was kept:", [mistake]))
    try:
        document = document_of(upload.file.read())
        # A file is brought by hand and carries no link: it comes in by one that is good for this moment only.
        token = open_link(store, study.identifier, "offline")
        try:
            found = synchronise(store, token, document)
        finally:
            revoke_link(store, study.identifier, token)
    except InputError as error:
        return study_page(request, refused=error)
    return page(request, "listen/brought.html.j2", study=study, found=found)


def _links_page(request: Request, tokens: Sequence[str], kind: str) -> Response:
    from commonbeat.web.respond.sheet import code_of
    from commonbeat.workflows.listen_links import link_to

    base = base_of(request)
    place = kind if kind in ("kiosk", "offline") else "open"
    links = [link_to(base, token, place) for token in tokens]
    code = code_of(links[0]) if len(links) == 1 else None
    kept = kept_of(request)
    values = {"study": kept.study, "links": links, "tokens": tokens, "kind": kind, "code": code, **sayings(kept.bank)}
    return page(request, "listen/links.html.j2", here_only=request.app.state.settings.local, **values)


def _sheet(request: Request, tokens: Sequence[str], kind: str, language: str) -> Response:
    from commonbeat.listen.bank.wording import wording
    from commonbeat.web.respond.sheet import sheet_html
    from commonbeat.workflows.listen_links import link_to

    kept = kept_of(request)
    chosen = language if language in kept.study.languages else kept.study.languages[0]
    links = [link_to(base_of(request), token, kind) for token in tokens]
    return HTMLResponse(sheet_html(links, kept.study, wording(kept.bank, chosen)))


def _tokens(request: Request) -> list[str]:
    sent = request.state.form.getlist("token")
    return [each for each in sent if isinstance(each, str) and TOKEN.fullmatch(each)][:MOST_AT_ONCE]


def _none(request: Request) -> Response:
    return study_page(request, refused=InputError(HEADING, [Mistake("links", None, "are none", "Make some first.")]))


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_AT_ONCE:
        way_out = "Invite in several turns, or use the command line."
        raise InputError(HEADING, [Mistake("count", text[:20], f"is not from 1 to {MOST_AT_ONCE}", way_out)])
    return int(text)
