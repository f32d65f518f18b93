"""Browsers of staff in each role, before an app whose jobs nobody begins unless a test does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.web.app import application
from commonbeat.web.security.cookies import cookie_name
from commonbeat.web.settings import settings_for
from commonbeat.workflows.web_sessions import begin_session, session_of


@contextmanager
def app_of(project: Path) -> Iterator[Starlette]:
    app = application(settings_for(project), tell=lambda _: None)
    yield app
    app.state.store.engine.dispose()


class Staff:
    """A browser with a session of that role. `post` sends the session's token along."""

    def __init__(self, app: Starlette, role: str = "analyst") -> None:
        self.app = app
        token = begin_session(app.state.store, "ada", role)
        session = session_of(app.state.store, token)
        assert session is not None
        self.csrf = session.csrf
        self.browser = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
        self.browser.cookies.set(cookie_name(app.state.settings), token)

    def get(self, path: str):
        return self.browser.get(path)

    def post(self, path: str, fields: dict[str, str] | None = None, files=None):
        return self.browser.post(path, data={"csrf": self.csrf, **(fields or {})}, files=files)
