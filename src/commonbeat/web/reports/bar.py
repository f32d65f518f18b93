"""A way back from a report: the file stays as it was written, and what is sent of it begins with a bar of links that does not print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from commonbeat.web.pages import environment

if TYPE_CHECKING:
    from commonbeat.workflows.web_reports import Result

BODY: Final = re.compile(rb"<body[^>]*>", re.IGNORECASE)
PRINT: Final = "report-print.html"


def with_bar(content: bytes, result: Result, name: str) -> bytes:
    """The page with the bar at the beginning of its body; as it is where it has none. name: of the page among those of the result."""
    found = BODY.search(content)
    if found is None:
        return content
    more = PRINT if PRINT in result.pages and name != PRINT else ""
    place = f"/reports/open/{quote(result.place)}/{more}" if more else ""
    bar = environment().get_template("reports/bar.html.j2").render(result=result, print_place=place)
    return content[: found.end()] + bar.encode() + content[found.end() :]
