"""What a browser does, without one."""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.testclient import TestClient

PASSWORD = "quiet river dances late"  # noqa: S105  # of the tests' own users


def browser(app: Starlette, address: str = "http://127.0.0.1:8000") -> TestClient:
    """A client that keeps cookies and follows nothing by itself; an error inside the app ends the test."""
    return TestClient(app, base_url=address, follow_redirects=False)


def csrf_of(text: str) -> str:
    """The token of the forms on that page."""
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found is not None
    return found.group(1)
