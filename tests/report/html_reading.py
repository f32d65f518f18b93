"""A small reader of our pages: elements with their attributes, ancestors and text, as a test needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "input", "img", "hr"}


@dataclass
class Element:
    """One element of the page."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def ancestors(self) -> list[Element]:
        """The element itself and all that it stands in."""
        return [self, *(self.parent.ancestors if self.parent else [])]

    @property
    def text(self) -> str:
        """All text inside."""
        return " ".join([*self.texts, *(child.text for child in self.children)]).strip()


class Reader(HTMLParser):
    """Builds the tree and complains about elements that are closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {}, None)
        self.here = self.root
        self.all: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        self.all.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins and ends, as in SVG."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends; it must be the last that began."""
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        """Text stands in the element."""
        if data.strip():
            self.here.texts.append(data)


def read(page: str) -> Reader:
    """The page as a tree, whole."""
    reader = Reader()
    reader.feed(page)
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader
