"""What a browser without scripts does that has asked for something: it looks at the job's page again until the result opens."""

from __future__ import annotations

import time
from typing import Any

from starlette.testclient import TestClient

PATIENCE_SECONDS = 240.0  # on busy cores


def led_to(client: TestClient, answer: Any) -> str:
    """The address to which somebody is led at last who sent a form and got this answer: of the result, or of a job that brought none."""
    assert answer.status_code == 303, answer.text
    address, end = answer.headers["location"], time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        page = client.get(address)
        if page.status_code == 303:
            return page.headers["location"]
        if 'data-open="yes"' not in page.text:
            return address
        time.sleep(0.05)
    raise AssertionError(page.text)
