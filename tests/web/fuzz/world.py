"""An app in which something of every kind is kept, with what is hostile in every text that somebody can write."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from sqlalchemy import event
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from commonbeat.listen.bank.item import Item
from commonbeat.listen.study.answers import read_answers
from commonbeat.storage import Store, open_store
from commonbeat.web.app import application
from commonbeat.web.security.cookies import cookie_name
from commonbeat.web.security.guard import MARK
from commonbeat.web.settings import settings_for
from commonbeat.workflows.listen_keep import (
    arrive,
    choose_audience,
    choose_language,
    consent,
    invite,
    open_link,
    open_study,
    register_study,
    submit,
)
from commonbeat.workflows.record_import import import_records
from commonbeat.workflows.web_jobs import add_job
from commonbeat.workflows.web_sessions import begin_session, session_of
from commonbeat.workflows.web_users import ROLES
from tests.web.fuzz.raw import ORIGIN, Answer, Asker
from tests.web.respond import studies

SCRIPT = "<script>alert('stored')</script>\"'><img src=x onerror=alert('stored')>{{7*7}}"
PEOPLE = 12  # so that no cell is hidden for being small
NOBODY = "nobody"
VISITORS = (NOBODY, *ROLES)


@dataclass
class World:
    """The app, and what opens its pages. names: what stands for each parameter of an address, the known ones first."""

    app: Starlette
    asker: Asker
    tokens: dict[str, str]
    names: dict[str, tuple[str, ...]]
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)

    def session(self, role: str) -> tuple[str, str]:
        """A token for the cookie and one for forms, of a session that is not over."""
        if role not in self.sessions:
            store: Store = self.app.state.store
            token = begin_session(store, f"the-{role}", role)
            found = session_of(store, token)
            assert found is not None
            self.sessions[role] = (token, found.csrf)
        return self.sessions[role]

    def cookie(self, role: str) -> list[tuple[bytes, bytes]]:
        if role == NOBODY:
            return []
        return [(b"cookie", f"{cookie_name(self.app.state.settings)}={self.session(role)[0]}".encode())]

    def ask(self, role: str, method: str, target: str | bytes, headers=(), body=b"", *, csrf: bool = False) -> Answer:
        """A request of that visitor; csrf: as a page of theirs would send it."""
        given = [*self.cookie(role), *headers]
        if csrf:
            token = self.session(role)[1].encode()
            given += [ORIGIN, (b"x-csrf-token", token)]
        answer = self.asker.ask(method, target, headers=given, body=body)
        if target == "/leave":
            self.sessions.pop(role, None)
        return answer

    def routes(self) -> list[tuple[str, Route]]:
        """Every address of the app with its route."""
        return list(_leaves(self.app.routes, ""))

    def address(self, path: str, route: Route) -> str:
        """The address with something that is known for each parameter."""
        for name, convertor in route.param_convertors.items():
            part = path.split("/")[1]
            known = self.names.get(f"{part}.{name}", self.names.get(name, ("x",)))[0]
            known = "1" if type(convertor).__name__ == "IntegerConvertor" else known
            for written in (f"{{{name}}}", f"{{{name}:int}}", f"{{{name}:path}}"):
                path = path.replace(written, known)
        return path


def open_to(route: Route) -> str:
    """The least role that the page answers to; "all" for everybody."""
    return getattr(route.endpoint, MARK, None) or "all"


def _leaves(routes: list[BaseRoute], before: str) -> Iterator[tuple[str, Route]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _leaves(list(route.routes), before + route.path)
        elif isinstance(route, Route):
            yield before + route.path, route


def make(folder: Path) -> World:
    """A project with two studies that people answered, a record, a job, links of every kind and somebody of each role."""
    settings = settings_for(folder)
    films = folder / "films"
    films.mkdir()
    tokens: dict[str, str] = {}
    with _quick(open_store(settings.location, create=True)) as store:
        for study in (studies.present(), studies.viewers(films)):
            register_study(store, study)
            open_study(store, study.identifier)
        for _ in range(PEOPLE):
            tokens["finished"] = _answered(store, "those-present")
        tokens["begun"] = _agreed(store, "those-present")
        tokens["new"] = invite(store, "viewers", 1)[0].token
        for kind in ("open", "kiosk", "offline"):
            tokens[kind] = open_link(store, "those-present", kind)
        add_job(store, "simulate", {"title": SCRIPT}, folder="runs/one", total=4, asked_by=SCRIPT[:40])
    record = files("commonbeat.records") / "dance-off-encounter.toml"
    import_records(str(record), project=folder)
    _report(folder)
    app = application(settings, _quick(open_store(settings.location, create=True)), tell=lambda _: None)
    names = {
        "token": (tokens["begun"], tokens["new"], tokens["finished"]),
        "desk": (tokens["kiosk"],),
        "record.identifier": ("dance-off-encounter",),
        "identifier": ("those-present", "viewers"),
        "study": ("those-present", "viewers"),
        "wave": ("there", "first"),
        "place": ("runs/one", "."),
        "name": ("base.css",),
    }
    return World(app, Asker(app), tokens, names)


def _quick(store: Store) -> Store:
    """The store without waiting for the disk, which is not what is tested here."""
    if store.engine.dialect.name == "sqlite":
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    return store


def _agreed(store: Store, study: str) -> str:
    """Somebody of that study who agreed to take part."""
    token = invite(store, study, 1, audience="adult")[0].token
    arrive(store, token)
    choose_language(store, token, "en")
    choose_audience(store, token, "adult")
    consent(store, token, "consent", agreed=True, key=secrets.token_urlsafe(16))
    return token


def _answered(store: Store, study: str) -> str:
    """Somebody who answered every question, with a script where words are asked for."""
    token = _agreed(store, study)
    now = arrive(store, token)
    while now.page is not None and now.wave is not None:
        form = {each.identifier: _typed(each) for each in now.page.items}
        answers = read_answers(now.page, form)
        now = submit(store, token, now.wave, now.page.identifier, secrets.token_urlsafe(16), answers)
    return token


def _typed(item: Item) -> str:
    if item.format.kind == "text":
        return SCRIPT
    return str(item.format.values[0]) if item.format.values else str(int(item.format.low or 1))


def _report(folder: Path) -> None:
    """A report whose own text is hostile, as one of another project's may be, and a neighbour that is nobody's to read."""
    run = folder / "runs" / "one"
    run.mkdir(parents=True)
    (run / "report.html").write_text(f"<!DOCTYPE html><title>{SCRIPT}</title>{SCRIPT}", encoding="utf-8")
    (folder.parent / "outside.txt").write_text("nobody's business", encoding="utf-8")
