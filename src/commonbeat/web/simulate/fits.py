"""A fit is asked for: a scenario that says what happened, and a table of what a city has measured of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse, Response

from commonbeat.errors import InputError, Mistake, Mistakes
from commonbeat.scenario import SHIPPED, shipped_text
from commonbeat.web.forms import texts_of, uploads_of
from commonbeat.web.jobs.asking import ask, keeper_of
from commonbeat.web.jobs.kinds import SCENARIO, TARGETS
from commonbeat.web.pages import page
from commonbeat.web.security.children import upload_on_disk
from commonbeat.web.security.guard import needs
from commonbeat.web.simulate.checking import LARGEST_BYTES
from commonbeat.web.simulate.fields import value_of
from commonbeat.web.simulate.looking import ENDINGS, Looked, decoded, look_at, look_at_file
from commonbeat.web.simulate.pages import GIVEN, slug
from commonbeat.workflows.fit import FEWEST_CHECKS, FEWEST_DRAWS, USUAL_CHECKS, USUAL_DRAWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import UploadFile
    from starlette.requests import Request

HEADING: Final = "The fit cannot be asked for:"
MOST_RUNS: Final = 100_000


@needs("analyst")
def asked(request: Request) -> Response:
    """The form of a fit."""
    usual = {"draws": USUAL_DRAWS, "checks": USUAL_CHECKS}
    return page(request, "simulate/fit.html.j2", usual=usual, shipped=SHIPPED)


@needs("analyst")
def template(_: Request) -> Response:
    """A table of targets to begin with."""
    from commonbeat.workflows.fit import template as begun_table

    headers = {"Content-Disposition": 'attachment; filename="targets.csv"'}
    return Response(begun_table(), media_type="text/csv; charset=utf-8", headers=headers)


@needs("analyst")
def begun(request: Request) -> Response:
    """The fit waits for its turn. Raises InputError with every mistake in what was sent, the scenario's among them."""
    fields, files = texts_of(request.state.form), uploads_of(request.state.form)
    mistakes = Mistakes()
    numbers = {
        "draws": _number(fields, "draws", USUAL_DRAWS, FEWEST_DRAWS, mistakes),
        "checks": _number(fields, "checks", USUAL_CHECKS, FEWEST_CHECKS, mistakes),
    }
    targets = _text(files.get("targets"))
    if not targets.strip():
        mistakes.add("targets", None, "is missing", "Begin with the table that this page gives.")
    found = _scenario(request, fields, files.get("file"))
    mistakes.found.extend(found.mistakes)
    mistakes.raise_if_any(InputError, HEADING)
    title = str(found.about["title"]) if found.about else ""
    job = ask(
        keeper_of(request.app),
        "fit",
        {"title": f"Fit: {title}", **numbers},
        {GIVEN: found.text.encode(), SCENARIO: found.worker.encode(), TARGETS: targets.encode()},
        folder=f"fits/{slug(title)}-{{number}}",
        total=0,
        asked_by=request.state.session.user,
    )
    return RedirectResponse(f"/jobs/{job.number}", status_code=303)


def _scenario(request: Request, fields: Mapping[str, str], upload: UploadFile | None) -> Looked:
    """The scenario that was uploaded, else the shipped one that was chosen."""
    project = request.app.state.settings.project
    if upload is not None:
        with upload_on_disk(upload.file, upload.filename or "", ENDINGS, LARGEST_BYTES) as path:
            return look_at_file(path, project)
    if fields.get("shipped") in SHIPPED:
        return look_at(shipped_text(fields["shipped"]), project)
    return Looked("", {}, mistakes=(Mistake("scenario", None, "is missing", "Choose a shipped one or a file."),))


def _number(fields: Mapping[str, str], name: str, usual: int, fewest: int, mistakes: Mistakes) -> int:
    value = value_of("whole", fields.get(name, ""))
    if value is None:
        return usual
    if not isinstance(value, int):
        mistakes.add(name, value, "is not a whole number", f"Leave it out for {usual}.")
    elif not fewest <= value <= MOST_RUNS:
        mistakes.add(name, value, f"is not between {fewest} and {MOST_RUNS}", f"Leave it out for {usual}.")
    else:
        return value
    return usual


def _text(upload: UploadFile | None) -> str:
    return "" if upload is None else decoded(upload.file.read(LARGEST_BYTES + 1)[:LARGEST_BYTES], upload.filename or "")
