"""Somebody who goes through pages as a browser without a script does: forms, buttons, redirects, nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

from starlette.testclient import TestClient


class _Reader(HTMLParser):
    """The forms of a page with their fields as they would be sent, and its texts."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self.headings: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.asked: list[str] = []
        self.language = ""
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        self._in = tag
        if tag == "html":
            self.language = found["lang"]
        elif tag == "fieldset":
            self.asked.append(found["id"].removeprefix("question-"))
        elif tag == "a":
            self.links.append(found["href"])
        elif tag == "form":
            self.forms.append(
                {"method": found.get("method"), "action": found.get("action"), "fields": {}, "names": set()}
            )
        elif tag in ("input", "textarea") and self.forms and found.get("name"):
            self.forms[-1]["names"].add(found["name"])
            if found.get("type") == "hidden":
                self.forms[-1]["fields"][found["name"]] = found["value"]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())
            if self._in == "h1":
                self.headings.append(data.strip())


class Walk:
    """One person's way. The last form of `doing` that is not about the language is the page's own."""

    def __init__(self, client: TestClient, address: str, language: str = "en") -> None:
        self.client = client
        self.headers = {"accept-language": language}
        self.status = 0
        self.url = address
        self.open(address)

    def open(self, address: str) -> Walk:
        """The page at that address is read."""
        return self._read(self.client.get(address, headers=self.headers))

    def send(self, **fields: str) -> Walk:
        """The page's own form is sent with these fields beside its hidden ones."""
        form = self.form
        assert form is not None, self.text
        return self._read(self.client.post(form["action"], data={**form["fields"], **fields}, headers=self.headers))

    @property
    def form(self) -> dict | None:
        beside = ("language", "stop", "contact")
        own = [
            each for each in self.page.forms if each["method"] != "dialog" and each["fields"].get("doing") not in beside
        ]
        return own[-1] if own else None

    @property
    def heading(self) -> str:
        return " ".join(self.page.headings)

    @property
    def words(self) -> str:
        return " ".join(self.page.words)

    def _read(self, response) -> Walk:
        self.response = response
        self.status, self.text, self.url = response.status_code, response.text, response.url.path
        self.page = _Reader()
        self.page.feed(response.text)
        return self


def to_questions(walk: Walk, audience: str = "adult") -> Walk:
    """The same walk, after everything that has to be agreed to."""
    if walk.form and walk.form["fields"].get("doing") == "audience":
        walk.send(audience=audience)
    while walk.form and walk.form["fields"].get("doing") == "consent":
        walk.send(agreed="yes")
    return walk
