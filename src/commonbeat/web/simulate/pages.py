"""The pages on which a scenario is begun, changed, checked and run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from commonbeat.errors import Mistake, ScenarioError
from commonbeat.scenario import SHIPPED, shipped_text
from commonbeat.scenario.checks import rows
from commonbeat.web.forms import texts_of, uploads_of
from commonbeat.web.jobs.asking import ask, keeper_of
from commonbeat.web.jobs.kinds import SCENARIO
from commonbeat.web.jobs.words import STATES, counted, title_of
from commonbeat.web.pages import page
from commonbeat.web.security.children import upload_on_disk
from commonbeat.web.security.guard import needs
from commonbeat.web.simulate.checking import LARGEST_BYTES
from commonbeat.web.simulate.form import form_of
from commonbeat.web.simulate.looking import ENDINGS, Looked, decoded, look_at, look_at_file
from commonbeat.workflows.web_jobs import list_jobs
from commonbeat.workflows.web_reports import inside, result_in, results_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

LONGEST_SLUG: Final = 40
GIVEN: Final = "given.toml"  # as it was sent; the worker's copy names records from another folder
LAST_JOBS: Final = 6
ABOUT: Final = {
    "dance-off": "A filmed dance-off in Minneapolis: unfilmed, filmed, gone far, kept up, or half the stops instead.",
    "backfire": "The same moment where it does harm.",
    "nothing-happens": "No moment at all: what the ordinary year does, and what luck alone looks like.",
}


@needs("viewer")
def begin(request: Request) -> Response:
    """Where a scenario can be taken from, what is under way, and the runs that are whole."""
    jobs = [job for job in list_jobs(request.app.state.store) if job.kind == "simulate"][:LAST_JOBS]
    runs = [result for result in results_of(_project(request)) if result.is_run]
    values = {"shipped": [(name, ABOUT[name]) for name in SHIPPED], "jobs": jobs, "runs": runs}
    return page(request, "simulate/begin.html.j2", **values, title_of=title_of, states=STATES, counted=counted, said="")


@needs("analyst")
def taken_up(request: Request) -> Response:
    """The form of a shipped scenario, of a saved run's, or of an earlier job's, with what was wrong with it."""
    text, mistakes = _source(request)
    return _form(request, look_at(text, _project(request)), mistakes)


@needs("analyst")
def given(request: Request) -> Response:
    """The form of a scenario that was uploaded or pasted; what is no text is refused."""
    form = request.state.form
    upload = uploads_of(form).get("file")
    if upload is not None:
        with upload_on_disk(upload.file, upload.filename or "", ENDINGS, LARGEST_BYTES) as path:
            return _form(request, look_at_file(path, _project(request)))
    text = texts_of(form).get("pasted", "")
    if not text.strip():
        way_out = "Choose a file or paste the text of one."
        raise ScenarioError("There is no scenario yet:", [Mistake("file", None, "is missing", way_out)])
    return _form(request, look_at(text, _project(request)))


@needs("analyst")
def checked(request: Request) -> Response:
    """The form anew, after what was changed in it or after one of its buttons, with every mistake beside its field."""
    sent = texts_of(request.state.form)
    action = sent.get("do", "")
    found = look_at(sent.get("text", ""), _project(request), sent=sent, action=action)
    return _form(request, found, found.said, was_checked="do" not in sent, touched=_touched(action, found))


@needs("analyst")
def run(request: Request) -> Response:
    """The scenario waits for its turn as a job; one with mistakes is shown with them and nothing has run."""
    sent = texts_of(request.state.form)
    found = look_at(sent.get("text", ""), _project(request), sent=sent)
    if found.about is None:
        return _form(request, found, status=400)
    about = dict(found.about)
    job = ask(
        keeper_of(request.app),
        "simulate",
        about,
        {GIVEN: found.text.encode(), SCENARIO: found.worker.encode()},
        folder=f"runs/{slug(about['title'])}-{{number}}",
        total=about["draws"],
        asked_by=request.state.session.user,
    )
    return RedirectResponse(f"/jobs/{job.number}", status_code=303)


def slug(title: str) -> str:
    """The title as a name of a folder: small letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:LONGEST_SLUG].strip("-")
    return words or "run"


def _touched(action: str, found: Looked) -> str:
    """The arm that the button changed; a new one stands last."""
    name, _, rest = action.partition(":")
    if name == "add_arm":
        return f"arms[{len(rows(found.raw.get('arms'))) - 1}]"
    return f"arms[{rest.partition(':')[0]}]" if name in ("add_event", "remove_event") else ""


def _source(request: Request) -> tuple[str, tuple[Mistake, ...]]:
    """The text that the address names, and what an earlier attempt found wrong with it; 404 for none."""
    asked = request.query_params
    if asked.get("from") in SHIPPED:
        return shipped_text(asked["from"]), ()
    if asked.get("run"):
        result = result_in(_project(request), asked["run"])
        path = None if result is None or not result.is_run else inside(_project(request), f"{result.place}/{SCENARIO}")
        if path is not None:
            return decoded(path.read_bytes()[: LARGEST_BYTES + 1], SCENARIO), ()
    number = asked.get("job", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        folder = keeper_of(request.app).folder(int(number))
        if (folder.path / GIVEN).is_file():
            outcome = folder.outcome()
            found = outcome.mistakes if outcome else ()
            mistakes = tuple(Mistake(place, None, rule, way_out) for place, _, rule, way_out in found)
            return decoded((folder.path / GIVEN).read_bytes()[: LARGEST_BYTES + 1], SCENARIO), mistakes
    raise HTTPException(404)


def _form(
    request: Request,
    found: Looked,
    more: Iterable[Mistake] = (),
    *,
    status: int = 200,
    was_checked: bool = False,
    touched: str = "",
) -> Response:
    """The page with the form. more: mistakes from elsewhere. touched: the place of the arm that a button has changed."""
    mistakes = (*more, *(each for each in found.mistakes if each not in more))
    form = form_of(found.raw, mistakes) if found.raw else None
    return page(
        request,
        "simulate/form.html.j2",
        status=status,
        text=found.text,
        form=form,
        anchors=form.anchors() if form else {},
        mistakes=mistakes,
        about=found.about,
        was_checked=was_checked,
        touched=touched,
    )


def _project(request: Request) -> Path:
    return request.app.state.settings.project
