"""What a browser sends of a form on a page, without a browser: fields as they stand, and one button."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

HEADERS = {"content-type": "application/x-www-form-urlencoded", "origin": "http://127.0.0.1:8000"}


class Form(HTMLParser):
    """The fields of the form that goes to `action`, as a browser would send them."""

    def __init__(self, text: str, action: str) -> None:
        super().__init__()
        self.action = action
        self.inside = False
        self.fields: list[tuple[str, str]] = []
        self.select = self.area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action") == self.action
        if not self.inside:
            return
        if tag == "input" and given.get("name") and given.get("type") != "file":
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self.select = given["name"]
            self.first = True
        elif tag == "option" and (self.first or "selected" in given):
            self.fields = [each for each in self.fields if each[0] != self.select]
            self.fields.append((self.select, given.get("value", "")))
            self.first = False
        elif tag == "textarea":
            self.area = given["name"]
            self.fields.append((self.area, ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            name, before = self.fields[-1]
            self.fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.area:
            name, text = self.fields[-1]
            self.fields[-1] = (name, text.removeprefix("\n"))
            self.area = ""

    def put(self, **values: str | list[str]) -> Form:
        """Fields by their names, with __ for a dot, hold these values instead."""
        for key, value in values.items():
            name = key.replace("__", ".")
            self.fields = [each for each in self.fields if each[0] != name]
            self.fields += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        return self

    def send(self, client: TestClient, do: str = "") -> Any:
        """The form was sent by the button that says `do`."""
        fields = [each for each in self.fields if each[0] != "do"] + ([("do", do)] if do else [])
        return client.post(self.action, content=urlencode(fields), headers=HEADERS)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return dict(self.fields).get(name, "")
