"""One HTML file that asks a study's questions without a network, and sends what was answered when there is one.

The questions are the same templates as online, made once for each language and audience and laid into the file, so that
nobody is asked something else because there was no network. What the file sends is described in `respond`.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from commonbeat.errors import Mistakes, StudyError, did_you_mean
from commonbeat.listen.bank.wording import wording

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.bank.wording import Wording
    from commonbeat.listen.study.model import StudyDesign

STYLES: Final = ("palette.css", "base.css", "respond.css")
IDLE_SECONDS: Final = 300
PLAIN: Final = (
    "audience_heading", "audience_lead", "code_heading", "code_once", "code_use", "hand_over", "kiosk_heading", "kiosk_lead",
    "offline_all_sent", "offline_no_shelf", "offline_not_kept", "offline_not_kept_heading", "offline_not_sent",
    "offline_save", "offline_saved", "offline_send", "offline_try_again", "refused_heading", "refused_lead", "start", "stop",
    "thanks_heading",
)  # fmt: skip
COUNTED: Final = ("offline_refused", "offline_waiting")


@dataclass(frozen=True, slots=True)
class Piece:
    """One page in one language for one audience, as HTML that the file shows when its turn comes."""

    language: str
    audience: str
    place: int
    page: str
    kind: str
    html: Markup


def offline_file(
    study: StudyDesign,
    bank: Bank,
    token: str,
    languages: Sequence[str],
    *,
    address: str,
    today: dt.date,
    audiences: Sequence[str] = (),
) -> str:
    """The file as one HTML text that asks nothing of anybody but `address`, and of that only to send answers.

    token: of an open link of kind offline. languages: those of the study that the file offers, the first one first. address:
    where the server is reached, such as https://listen.example.org; empty where answers are carried as files. audiences: those that it asks; left out, all of the study. Raises StudyError
    for a study with arms, which must be drawn by the server, and for languages that the study does not have.
    """
    from commonbeat.web.pages import environment

    _refuse(study, languages)
    wave = study.waves[0].name
    asked = tuple(audiences or study.audience)
    pieces = [
        piece
        for language in languages
        for audience in asked
        for piece in _pieces(study, bank, wave, wording(bank, language, audience), today)
    ]
    script, style = _own("offline/offline.js"), _style()
    return (
        environment()
        .get_template("respond/offline/offline.html.j2")
        .render(
            languages=languages,
            pieces=pieces,
            script=Markup(script),  # noqa: S704 - our own file
            style=Markup(style),  # noqa: S704 - our own file
            script_hash=_hash(script),
            style_hash=_hash(style),
            origin=_origin(address),
            titles={each: study.title[each] for each in languages},
            needs_script=[wording(bank, each).page("offline_needs_script") for each in languages],
            data=_data(study, bank, token, languages, asked, address),
        )
    )


def _refuse(study: StudyDesign, languages: Sequence[str]) -> None:
    found = Mistakes()
    if study.arms:
        way_out = "Hand out links or set up a kiosk: arms are drawn where all answers come together."
        found.add("arms", len(study.arms), "cannot be drawn without the server", way_out)
    for language in languages:
        if language not in study.languages:
            found.add("languages", language, "is not a language of the study", did_you_mean(language, study.languages))
    if not languages:
        found.add("languages", None, "are none", "Name at least one.")
    found.raise_if_any(StudyError, f"{study.identifier}: no offline file was made.")


def _pieces(study: StudyDesign, bank: Bank, wave: str, said: Wording, today: dt.date) -> Iterator[Piece]:
    """Every page for one audience in one language, in order."""
    from commonbeat.listen.study.pages import pages_of
    from commonbeat.web.pages import environment
    from commonbeat.web.respond.screens import Asked, page_screen

    asked = Asked(study, bank, said, today)
    for place, page in enumerate(pages_of(study, bank, wave, said.audience, None)):
        screen = page_screen(asked, wave, page, base="")
        shown = {**screen.page, "key": ""}  # no hidden fields: the file itself knows which page it shows
        template = environment().get_template(f"respond/parts/{screen.part}.html.j2")
        html = template.render(page=shown, say=said.page, action="", language=said.language, kiosk=None)
        yield Piece(said.language, said.audience, place, page.identifier, page.kind, Markup(html))  # noqa: S704 - escaped by the template


def _data(
    study: StudyDesign, bank: Bank, token: str, languages: Sequence[str], asked: Sequence[str], address: str
) -> dict[str, Any]:
    """What the script reads. shelf: where responses wait in the browser, apart for each link and without telling the link."""
    return {
        "study": study.identifier,
        "wave": study.waves[0].name,
        "audiences": list(asked),
        "languages": list(languages),
        "names": {each: wording(bank, each).language_name for each in languages},
        "titles": {each: study.title[each] for each in languages},
        "address": f"{address.rstrip('/')}/offline/{token}" if address else "",
        "shelf": hashlib.sha256(token.encode()).hexdigest()[:16],
        "idle_seconds": IDLE_SECONDS,
        "words": {each: _words(study, bank, each, address) for each in languages},
    }


def _words(study: StudyDesign, bank: Bank, language: str, address: str) -> dict[str, str]:
    """The sentences that the script itself shows."""
    say = wording(bank, language).page
    words = {key: say(key) for key in PLAIN} | {key: say(key, count="{count}") for key in COUNTED}
    words |= {f"audience_{each}": say(f"audience_{each}") for each in study.audience}
    place = f"{address.rstrip('/')}/withdraw" if address else study.contact
    words["code_where"] = say("code_where", address=place, contact=study.contact, date=study.kept_until.isoformat())
    return words


def _style() -> str:
    """All style of the file."""
    from commonbeat.web.static_files import static_files

    return "\n".join(static_files()[name].content.decode() for name in STYLES)


def _own(name: str) -> str:
    from importlib import resources

    return resources.files("commonbeat.web").joinpath("templates", "respond", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The text's hash as a browser checks it: this script and this style run in the file, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _origin(address: str) -> str:
    """The one host that the file may send to; nobody where there is no address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else "'none'"
