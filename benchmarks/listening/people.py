"""People who answer, as cheap as they can be made: one connection each, kept open as a browser keeps it, and no parsing beyond three fields.

A person follows the address that an answer leads to, as a browser does, so that every submission is one POST and one GET.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.listen.bank.item import Item
    from commonbeat.listen.study.pages import Page

KEY = re.compile(rb'name="page" value="([^"]+)"><input type="hidden" name="key" value="([^"]+)"')
PATIENCE_SECONDS = 30.0
WORDS = "It was good, and nothing <b>changed</b>. ¿Y qué?"


class FailedError(Exception):
    """The server answered with something else than it should have."""


@dataclass
class Connection:
    """One connection to the server on this machine. cookie: what the server gave to whoever signed in, sent back each time."""

    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    cookie: str = ""

    async def ask(self, method: str, path: str, form: bytes = b"") -> tuple[int, bytes, str]:
        """Status, body and Location of the answer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            if self.writer is None or self.writer.is_closing() or (self.reader and self.reader.at_eof()):
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            kind = "Content-Type: application/x-www-form-urlencoded\r\n" if method == "POST" else ""
            kind += f"Cookie: {self.cookie}\r\n" if self.cookie else ""
            kind += f"Content-Length: {len(form)}\r\n"
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{kind}\r\n"
            self.writer.write(head.encode() + form)
            assert self.reader is not None
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            found = dict(line.lower().split(": ", 1) for line in lines[1:] if line[:8].lower() == "content-")
            where = next((line[10:] for line in lines if line[:10].lower() == "location: "), "")
            given = next((line[12:] for line in lines if line[:12].lower() == "set-cookie: "), "")
            self.cookie = given.partition(";")[0] or self.cookie
            body = await self.reader.readexactly(int(found.get("content-length", "0")))
        return int(lines[0].split(" ", 2)[1]), body, where

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


@dataclass
class Kept:
    """A submission that the server acknowledged: what the store must have, once."""

    token: str
    page: str
    key: str
    answers: Mapping[str, int | str]


@dataclass
class Person:
    """Somebody with a personal link. kept: what was acknowledged to them. at: the page before them; key: that of its form."""

    token: str
    ordinal: int
    connection: Connection
    pages: Mapping[str, Page]
    wave: str
    kept: list[Kept] = field(default_factory=list)
    at: str = ""
    key: str = ""

    async def walk_in(self) -> None:
        """The link is opened, English chosen, and consent given: a page of questions is before them."""
        await self._get(f"/r/{self.token}")
        await self._send({"doing": "consent", "wave": self.wave, "agreed": "yes", "page": self.at, "key": self.key}, {})

    async def submit(self) -> tuple[float, float]:
        """The page is sent in; seconds until it was acknowledged, and until the next page was there."""
        page = self.pages[self.at]
        answers = {item.identifier: self._answer(item) for item in page.items}
        same = {"doing": "answers", "wave": self.wave, "page": self.at, "key": self.key}
        return await self._send(same, answers)

    @property
    def done(self) -> bool:
        return self.at == "debriefing"

    def _answer(self, item: Item) -> int | str:
        if item.format.kind == "text":
            return f"{WORDS} ({self.ordinal})"
        values = [
            value for value in item.format.values if value < 90
        ]  # not the codes of those who would rather not say
        return values[(self.ordinal + len(self.kept)) % len(values)] if values else int(item.format.low or 0)

    async def _send(self, hidden: dict[str, str], answers: dict[str, int | str]) -> tuple[float, float]:
        form = urlencode({**hidden, **answers}).encode()
        began = time.perf_counter()
        status, _, where = await self.connection.ask("POST", f"/r/{self.token}", form)
        acknowledged = time.perf_counter() - began
        if status != 303 or "said=" in where:
            raise FailedError(f"POST {hidden['page']}: {status} {where.rpartition('?')[2]}")
        self.kept.append(Kept(self.token, self.at, self.key, answers))
        await self._get(where)
        return acknowledged, time.perf_counter() - began

    async def _get(self, path: str) -> None:
        status, body, _ = await self.connection.ask("GET", path)
        found = KEY.search(body)
        if status != 200 or found is None:
            raise FailedError(f"GET: {status}")
        self.at, self.key = found[1].decode(), found[2].decode()
