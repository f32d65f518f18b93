"""A failure of ours tells nothing of itself, and its page is as well protected as any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commonbeat.web.app import application
from commonbeat.web.security.headers import HEADERS
from commonbeat.web.settings import settings_for


class Broken:
    """A store in which every look fails."""

    def reading(self) -> None:
        message = "words of the inside"
        raise RuntimeError(message)


@pytest.mark.parametrize("path", ["/", f"/r/{'a' * 22}"])
def test_a_failure_s_page_has_every_header_and_none_of_its_words(tmp_path: Path, path: str) -> None:
    app = application(settings_for(tmp_path, port=8000), tell=lambda _: None)
    client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    client.cookies.set("commonbeat-8000", "a")
    app.state.store.engine.dispose()
    app.state.store = Broken()
    response = client.get(path)
    assert response.status_code == 500
    assert "words of the inside" not in response.text
    own = {"Referrer-Policy"} if path != "/" else set()
    assert {name for name, value in HEADERS.items() if response.headers.get(name) != value} == own
