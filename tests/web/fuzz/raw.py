"""A request as the server hands it on, made by hand: no client library in between that would refuse or tidy what is nasty."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.applications import Starlette

HOST = (b"host", b"127.0.0.1:8000")
ORIGIN = (b"origin", b"http://127.0.0.1:8000")
FORM = (b"content-type", b"application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Answer:
    """What came back, and how many bytes of the body were asked for."""

    status: int
    headers: dict[str, str]
    body: bytes
    taken: int

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Asker:
    """Requests to one app in one loop. An error that leaves the app is the test's."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.runner = asyncio.Runner()

    def ask(
        self,
        method: str,
        target: bytes | str,
        *,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes | Iterable[bytes] = b"",
    ) -> Answer:
        """The path is unquoted as uvicorn does it: what is no UTF-8 becomes a replacement character."""
        raw = target.encode("ascii") if isinstance(target, str) else target
        path, _, query = raw.partition(b"?")
        given = list(headers)
        if not any(name == b"host" for name, _ in given):
            given.insert(0, HOST)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": given,
            "client": None,
            "server": ("127.0.0.1", 8000),
            "state": {},
        }
        return self.runner.run(self._answer(scope, [body] if isinstance(body, bytes) else body))

    def close(self) -> None:
        self.runner.close()

    async def _answer(self, scope: dict, parts: Iterable[bytes]) -> Answer:
        left, taken, started, made = iter([*parts]), 0, {}, bytearray()
        pending = next(left, None)
        over = False

        async def receive() -> dict:
            nonlocal taken, pending, over
            if over:  # whoever asks on has been left: a page that goes on for ever ends here
                await asyncio.sleep(0)
                return {"type": "http.disconnect"}
            part, pending = pending or b"", next(left, None)
            taken, over = taken + len(part), pending is None
            return {"type": "http.request", "body": part, "more_body": not over}

        async def send(message: dict) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            elif message["type"] == "http.response.body":
                made.extend(message.get("body", b""))

        await asyncio.wait_for(self.app(scope, receive, send), 240)
        found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in started["headers"]}
        return Answer(started["status"], found, bytes(made), taken)
