"""A study as a respondent goes through it, page by page, before anybody is asked: the same pages, and nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse

from commonbeat.web.listen.pages import kept_of
from commonbeat.web.security.guard import needs, open_to_all

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.listen.study.pages import Page
    from commonbeat.workflows.listen_studies import KeptStudy

CODE: Final = "ABCD-EFGH-JKMN-PQRS"  # in the place of the one that each respondent gets
PARTS: Final = ("material", "picture", "captions")


@dataclass(frozen=True, slots=True)
class Looking:
    """As whom somebody of the team goes through the study, and how far they are. arm: "" where nothing is shown."""

    identifier: str
    wave: str
    audience: str
    language: str
    arm: str
    page: int

    def address(self, page: int) -> str:
        """The address of another page of the same way."""
        chosen = {"wave": self.wave, "as": self.audience, "language": self.language, "arm": self.arm, "page": page}
        return f"/listen/of/{self.identifier}/preview?{urlencode(chosen)}"

    @property
    def base(self) -> str:
        """What the address of the film begins with."""
        return f"/listen/of/{self.identifier}/preview/{self.arm or 'none'}/{self.language}"


@needs("viewer")
def preview(request: Request) -> Response:
    """One page as respondents see it; behind the last one, the study's own page."""
    from commonbeat.listen.bank.wording import wording
    from commonbeat.web.respond.screens import Asked, page_screen
    from commonbeat.web.respond.seat import send
    from commonbeat.workflows.record_store import today

    kept = kept_of(request)
    looking = _looking(request, kept)
    pages = _pages(kept, looking)
    if looking.page > len(pages):
        return RedirectResponse(f"/listen/of/{looking.identifier}", status_code=303)
    said = wording(kept.bank, looking.language, looking.audience)
    screen = page_screen(
        Asked(kept.study, kept.bank, said, today()),
        looking.wave,
        pages[looking.page - 1],
        base=looking.base,
        code=CODE,
        address=f"{request.url.netloc}/withdraw",
    )
    notice = Markup('Preview, page {} of {}: nothing is kept. <a href="/listen/of/{}">Back to the study</a>')
    told = notice.format(looking.page, len(pages), looking.identifier)
    return send(screen, said, study=kept.study, action=looking.address(looking.page + 1), notice=told)


@open_to_all
def onward(request: Request) -> Response:
    """To the page that the address says: whatever was filled in is not even read, so that whoever sends it need not be known."""
    return RedirectResponse(f"{request.url.path}?{request.url.query}", status_code=303)


@needs("viewer")
def material(request: Request) -> Response:
    """What an arm shows, from wherever the study's file names it."""
    from commonbeat.listen.study.materials import material_files
    from commonbeat.web.respond.materials import TYPES

    kept = kept_of(request)
    arm, language, part = (request.path_params[name] for name in ("arm", "language", "part"))
    names = [each.name for each in kept.study.arms]
    if part not in PARTS or arm not in names:
        raise HTTPException(404)
    key = {"material": "clip", "captions": f"captions.{language}"}.get(part, part)
    place = f"arms.{names.index(arm) + 1}.{key}"
    path = next((each.path for each in material_files(kept.study) if each.place == place), None)
    if path is None or path.suffix.lower() not in TYPES:
        raise HTTPException(404)
    return FileResponse(path, media_type=TYPES[path.suffix.lower()])


def _looking(request: Request, kept: KeptStudy) -> Looking:
    """What the address chose, with the study's first wherever it chose nothing that there is."""
    chosen, study = request.query_params, kept.study

    def one_of(name: str, known: tuple[str, ...]) -> str:
        return chosen[name] if chosen.get(name) in known else (known or ("",))[0]

    number = chosen.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 1
    return Looking(
        study.identifier,
        one_of("wave", study.wave_names),
        one_of("as", study.audience),
        one_of("language", study.languages),
        one_of("arm", tuple(each.name for each in study.arms)),
        max(1, page),
    )


def _pages(kept: KeptStudy, looking: Looking) -> tuple[Page, ...]:
    from commonbeat.listen.study.pages import pages_of

    later = looking.wave != kept.study.waves[0].name
    return pages_of(
        kept.study, kept.bank, looking.wave, looking.audience, looking.arm or None, number=1, consented=later
    )
