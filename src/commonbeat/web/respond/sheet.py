"""A sheet of A4 with links as QR codes: who asks, what about, until when, whom to ask. To print and to cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.listen.bank.wording import Wording
    from commonbeat.listen.study.model import StudyDesign

STYLE: Final = "respond-sheet.css"
MARGIN_MODULES: Final = 4  # the quiet zone that ISO/IEC 18004 asks for


@dataclass(frozen=True, slots=True)
class Code:
    """One link: its address as text, and as a picture that a telephone reads."""

    address: str
    picture: str


def code_of(address: str) -> Code:
    """The address with its QR code as a data address of an SVG. Error correction M survives a fold or a stain."""
    import segno

    made = segno.make(address, error="m", micro=False)
    return Code(address, made.svg_data_uri(border=MARGIN_MODULES, dark="#000", light="#fff", xmldecl=False, svgns=True))


def sheet_file(links: Sequence[str], study: StudyDesign, wording: Wording) -> str:
    """The sheet as a file that carries its style and needs no server."""
    from markupsafe import Markup

    from commonbeat.web.static_files import static_files

    style = static_files()[STYLE].content.decode()
    return sheet_html(links, study, wording, style=Markup(style))  # noqa: S704 - our own file


def sheet_html(links: Sequence[str], study: StudyDesign, wording: Wording, *, style: str = "") -> str:
    """The sheet as one HTML page in the wording's language: one link fills a poster, several become cards with cut lines.

    links: whole addresses. Nothing on the sheet tells which link belongs to whom. style: what stands in the page in place of the app's style sheet.
    """
    from commonbeat.web.pages import environment

    return (
        environment()
        .get_template("respond/sheet.html.j2")
        .render(
            codes=[code_of(link) for link in links],
            say=wording.page,
            study=study,
            language=wording.language,
            direction=wording.direction,
            personal=len(links) > 1,
            style=style,
        )
    )
