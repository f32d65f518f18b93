"""Where somebody answers, and a page made for them there: their own link, or a kiosk that many use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from commonbeat.listen.bank.read import load_bank
from commonbeat.listen.bank.wording import wording
from commonbeat.web.pages import environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.bank.wording import Wording
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.web.respond.screens import Screen
    from commonbeat.workflows.listen_standing import Standing

IDLE_SECONDS: Final = 180  # a page with a script knows whether somebody touches it
WITHOUT_SCRIPT_SECONDS: Final = 600  # and one without does not: it must leave time to write
FALLBACK: Final = "en"  # where nothing is known of who reads


@dataclass(frozen=True, slots=True)
class Seat:
    """A personal link's token; at a kiosk also the kiosk's token and the word of the seat there, which stands in addresses instead."""

    token: str
    desk: str = ""
    place: str = ""

    @property
    def base(self) -> str:
        """The address that the person's pages stand below."""
        if self.desk:
            return f"/k/{quote(self.desk, safe='')}/{quote(self.place, safe='')}"
        return f"/r/{quote(self.token, safe='')}"

    @property
    def start(self) -> str:
        """The first screen of the kiosk; empty where there is none."""
        return f"/k/{quote(self.desk, safe='')}" if self.desk else ""


def step_of(seat: Seat, standing: Standing) -> str:
    """The address of the page that comes next; of the link itself where there is none."""
    if standing.page is None or standing.wave is None:
        return seat.base
    return f"{seat.base}/{quote(standing.wave, safe='')}/{standing.place}"


def wording_for(request: Request, standing: Standing) -> Wording:
    """The sentences in the language that somebody chose, or else the one of the study that their browser asks for."""
    study = standing.study
    language = standing.language or preferred(request, study.languages)
    return wording(standing.bank, language, standing.audience or "adult")


def wording_without_study(request: Request) -> Wording:
    """The sentences where no study is known: the shipped ones, in the language that the browser asks for."""
    bank = load_bank()
    return wording(bank, preferred(request, bank.languages, FALLBACK))


def preferred(request: Request, known: Iterable[str], otherwise: str = "") -> str:
    """The language asked for in the address or by the browser, if it is known, or else `otherwise` or the first one."""
    languages = tuple(known)
    asked = [request.query_params.get("language", "")]
    asked += [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "")[:200].split(",")]
    for each in asked:
        for language in (each, each.partition("-")[0]):
            if language in languages:
                return language
    return otherwise or languages[0]


def send(
    screen: Screen,
    said: Wording,
    *,
    study: StudyDesign | None = None,
    action: str,
    status: int = 200,
    **more: Any,
) -> Response:
    """The screen as a page of its own. action: where its form goes. more: languages, progress, notice, kiosk, as the frame shows them."""
    from starlette.responses import HTMLResponse

    title = study.title.get(said.language, "") if study else ""
    values: Mapping[str, Any] = {
        "language": said.language,
        "direction": said.direction,
        "audience": said.audience,
        "heading": screen.heading,
        "title": title or said.page("respond_title"),
        "part": screen.part,
        "page": screen.page,
        "say": said.page,
        "action": action,
        "whom": said.page("who_to_ask", contact=study.contact) if study else "",
        "languages": (),
        "choosing": "post",
        "progress": None,
        "notice": "",
        "kiosk": None,
        **more,
    }
    text = environment().get_template("respond/frame.html.j2").render(values)
    # The address holds the token, so no page is told where somebody came from, not even one of ours.
    return HTMLResponse(text, status_code=status, headers={"Referrer-Policy": "no-referrer"})


def languages_of(study: StudyDesign, bank: Bank) -> list[dict[str, str]]:
    """The languages to choose from, each in its own words; none where there is one."""
    if len(study.languages) < 2:
        return []
    return [{"code": each, "name": wording(bank, each).language_name} for each in study.languages]


def progress_of(standing: Standing, said: Wording) -> dict[str, Any] | None:
    """How far somebody is, in words and as a bar."""
    if standing.page is None:
        return None
    words = said.page("progress", place=standing.place, of=standing.of)
    return {"words": words, "place": standing.place, "of": standing.of}


def kiosk_of(seat: Seat, said: Wording, *, stop: bool) -> dict[str, Any] | None:
    """What a page at a kiosk has besides: when it goes back to its start, and a way to stop."""
    if not seat.desk:
        return None
    return {
        "start": seat.start,
        "seat": seat.base if seat.place else "",
        "seconds": IDLE_SECONDS,
        "idle": said.page("kiosk_idle", minutes=IDLE_SECONDS // 60),
        "seconds_without_script": WITHOUT_SCRIPT_SECONDS,
        "idle_without_script": said.page("kiosk_idle", minutes=WITHOUT_SCRIPT_SECONDS // 60),
        "stop": stop,
    }
