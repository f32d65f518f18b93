"""The app as a process of its own on an empty folder, and a browser that tells of every complaint and of everything that leaves."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.held import hold, let_go
from tests.web.respond.served import PATIENCE_MS

WIDTHS = (360, 768, 1280)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"


@contextlib.contextmanager
def served(project: Path) -> Iterator[str]:
    """The address that `commonbeat web` prints, of a server that Ctrl-C ends afterwards."""
    command = [sys.executable, "-m", "commonbeat", "web", "--port", "0", "--project", str(project)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = next((match for line in server.stderr if (match := re.search(r"http://\S+", line))), None)
        assert found is not None
        try:
            yield found.group(0)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(PATIENCE_MS / 1000)
            except subprocess.TimeoutExpired:
                server.kill()
                raise


@dataclass
class Watched:
    """A browser at the app, and what went wrong on the way so far."""

    browser: Browser
    base: str
    wrong: list[str] = field(default_factory=list)

    def context(self, width: int = 1280) -> BrowserContext:
        """A browser of somebody new, whose pages are watched."""
        made = self.browser.new_context(base_url=self.base, viewport={"width": width, "height": 900}, locale="en-GB")
        made.set_default_timeout(PATIENCE_MS)
        made.on("page", self.watch)
        return made

    def watch(self, page: Page) -> None:
        """Complaints, failures and requests to elsewhere are written down."""
        note = self.wrong.append
        page.on("console", lambda said: note(f"{page.url}: {said.type}: {said.text}"))
        page.on("pageerror", lambda error: note(f"{page.url}: {error}"))
        page.on("requestfailed", lambda sent: self.failed(sent.url, sent.failure or ""))
        page.on("response", lambda came: note(f"{came.status}: {came.url}") if came.status >= 400 else None)
        page.on("request", lambda sent: None if sent.url.startswith((self.base, "data:")) else note(f"out: {sent.url}"))

    def failed(self, address: str, why: str) -> None:
        """A page that is left ends what it was still asking for; that is no failure."""
        if "ERR_ABORTED" not in why:
            self.wrong.append(f"{why}: {address}")

    def look_at(self, page: Page, name: str, *, scripts: bool = True) -> None:
        """Nothing is too wide at three widths, axe finds nothing, also where everything is unfolded.

        Pictures are kept in the folder that COMMONBEAT_PICTURES names, for a person to look at. scripts: False for a
        report, which is served so that nothing runs in it, axe neither; reports have tests of their own for that.
        To be called where something of the page in question was waited for: until then the one before still stands there.
        """
        page.wait_for_load_state()
        hold(page)
        pictures = os.environ.get("COMMONBEAT_PICTURES")
        before = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if pictures:
                page.screenshot(path=str(Path(pictures) / f"{name}-{width}.png"), full_page=True)
            if page.evaluate(TOO_WIDE) > 0:
                self.wrong.append(f"{name}: too wide at {width}")
        page.evaluate(OPEN_ALL)
        for width in (WIDTHS[0], WIDTHS[-1]):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate(TOO_WIDE) > 0:
                self.wrong.append(f"{name}, unfolded: too wide at {width}")
        found = Axe().run(page).response["violations"] if scripts else []
        self.wrong += [f"{name}: {each['id']}: {each['nodes'][0]['html']}" for each in found]
        let_go(page)
        if before:
            page.set_viewport_size(before)
