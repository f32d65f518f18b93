"""Every page that a link leads to: none breaks, none leads to another machine, none has anything inline."""

from __future__ import annotations

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin

from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.web.core.test_outside import reaches_out

INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
MOST = 150


class Addresses(HTMLParser):
    """What a page links to, loads, and sends forms to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.forms: list[tuple[str, bool]] = []
        self.tokens = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag in ("img", "script", "source", "video", "iframe"):
            self.loads.append(found.get("src", ""))
        if tag == "link":
            self.loads.append(found.get("href", ""))
        if tag == "form" and found.get("method", "get").lower() == "post":
            self.forms.append((found.get("action", ""), True))
        if tag == "input" and found.get("name") == "csrf":
            self.tokens += 1


def read(text: str) -> Addresses:
    parser = Addresses()
    parser.feed(text)
    parser.close()
    return parser


def test_every_page_that_is_linked(owner: TestClient, app: Starlette) -> None:
    waiting, seen = deque(["/"]), {"/"}
    pages = 0
    while waiting and pages < MOST:
        path = waiting.popleft()
        response = owner.get(path)
        assert response.status_code in (200, 303), path
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        pages += 1
        found = read(response.text)
        assert not INLINE.search(response.text), (path, INLINE.search(response.text))
        assert reaches_out(re.sub(r"https?://(?:doi\.org|dx\.doi\.org)\S*", "", response.text)) == [], path
        assert len(found.forms) == found.tokens, f"{path}: {found.forms} and {found.tokens} tokens"
        for address in [*found.links, *(each for each in found.loads if each)]:
            where = urljoin(path, address).partition("#")[0]
            if where.startswith("data:") or where in seen:
                continue
            assert where.startswith("/"), f"{path} leads to {where}"
            seen.add(where)
            waiting.append(where)
    assert pages >= len(app.state.parts) - 1  # each part has a page that the navigation leads to
    parts = {"/" + each.strip("/").partition("/")[0] for each in seen}
    assert {f"/{part}" for part in app.state.parts - {"home", "jobs"}} <= parts
