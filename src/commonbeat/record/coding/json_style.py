"""How a JSON file was written, so that a changed one differs only where it was changed."""

from __future__ import annotations

import itertools
import json
from typing import Any, Final, NamedTuple

INDENTS: Final = (None, 1, 0, 2, 4, "\t")
SEPARATORS: Final = ((", ", ": "), (",", ":"), (",", ": "))


class JsonStyle(NamedTuple):
    """The indent, the signs between items and after keys, whether letters beyond ASCII are escaped, what surrounds the document, and how lines end."""

    indent: int | str | None = None
    separators: tuple[str, str] = (", ", ": ")
    ascii_only: bool = False
    before: bytes = b""
    after: bytes = b""
    newline: str = "\n"

    def written(self, document: Any) -> bytes:
        """The document in this style."""
        text = json.dumps(document, indent=self.indent, separators=self.separators, ensure_ascii=self.ascii_only)
        text = text.replace("\n", self.newline)  # within strings JSON escapes the ends of lines
        return self.before + text.encode("utf-8", "surrogatepass") + self.after

    def begins(self, document: Any, content: bytes) -> bool:
        """Whether `content` begins like this style up to the first key: a quick look before all of it is written."""
        if not isinstance(document, dict) or not document:
            return True
        key = next(iter(document))
        opening = json.dumps({key: 0}, indent=self.indent, separators=self.separators, ensure_ascii=self.ascii_only)
        opening = opening[: opening.rindex("0")].replace("\n", self.newline)
        return content.startswith(self.before + opening.encode("utf-8", "surrogatepass"))


def style_of(document: Any, content: bytes) -> JsonStyle:
    """The style that writes `document` as `content`, byte for byte; the plainest one where none does (numbers such as 1.50)."""
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    after = content[len(content.rstrip()) :]
    newline = "\r\n" if b"\r\n" in content.rstrip() else "\n"
    for indent, separators, ascii_only in itertools.product(INDENTS, SEPARATORS, (False, True)):
        style = JsonStyle(indent, separators, ascii_only, mark, after, newline)
        if style.begins(document, content) and style.written(document) == content:
            return style
    return JsonStyle(before=mark, after=after)
