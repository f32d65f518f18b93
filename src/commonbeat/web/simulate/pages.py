"""The pages on which a scenario is begun, changed, checked and run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

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
from commonbeat.web.security.guard import needs
from commonbeat.web.simulate.changes import document_of, with_action, with_values
from commonbeat.web.simulate.checking import LARGEST_BYTES, Checked, check, for_worker
from commonbeat.web.simulate.form import form_of
from commonbeat.workflows.web_jobs import list_jobs
from commonbeat.workflows.web_reports import inside, result_in, results_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.scenario import Scenario

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
    return _form(request, check(text, _project(request)), mistakes)


@needs("analyst")
def given(request: Request) -> Response:
    """The form of a scenario that was uploaded or pasted; what is no text is refused."""
    form = request.state.form
    upload = uploads_of(form).get("file")
    text = texts_of(form).get("pasted", "")
    if upload is not None:
        text = decoded(upload.file.read(LARGEST_BYTES + 1), upload.filename or "the file")
    if not text.strip():
        way_out = "Choose a file or paste the text of one."
        raise ScenarioError("There is no scenario yet:", [Mistake("file", None, "is missing", way_out)])
    return _form(request, check(text, _project(request)))


@needs("analyst")
def checked(request: Request) -> Response:
    """The form anew, after what was changed in it or after one of its buttons, with every mistake beside its field."""
    sent = texts_of(request.state.form)
    text = _text_of(sent)
    said: tuple[Mistake, ...] = ()
    if sent.get("do"):
        try:
            text = with_action(text, sent["do"])
        except ScenarioError as error:
            said = error.mistakes
    found = check(text, _project(request))
    return _form(request, found, said, was_checked="do" not in sent, touched=_touched(sent.get("do", ""), found))


@needs("analyst")
def run(request: Request) -> Response:
    """The scenario waits for its turn as a job; one with mistakes is shown with them and nothing has run."""
    found = check(_text_of(texts_of(request.state.form)), _project(request))
    if found.scenario is None:
        return _form(request, found, status=400)
    scenario = found.scenario
    files = {GIVEN: found.text.encode(), SCENARIO: for_worker(found.text, _project(request)).encode()}
    job = ask(
        keeper_of(request.app),
        "simulate",
        arguments_of(scenario),
        files,
        folder=f"runs/{slug(scenario.title)}-{{number}}",
        total=scenario.draws,
        asked_by=request.state.session.user,
    )
    return RedirectResponse(f"/jobs/{job.number}", status_code=303)


def arguments_of(scenario: Scenario) -> dict[str, Any]:
    """What the pages of the job show of its scenario."""
    return {
        "title": scenario.title,
        "days": scenario.days,
        "reference": scenario.reference,
        "arms": {arm.name: arm.title for arm in scenario.arms},
    }


def slug(title: str) -> str:
    """The title as a name of a folder: small letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:LONGEST_SLUG].strip("-")
    return words or "run"


def _text_of(sent: Mapping[str, str]) -> str:
    """The text with the values of the form's fields in it."""
    return with_values(sent.get("text", "").replace("\r\n", "\n"), sent)


def _touched(action: str, found: Checked) -> str:
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
            return decoded((folder.path / GIVEN).read_bytes(), SCENARIO), mistakes
    raise HTTPException(404)


def decoded(content: bytes, name: str) -> str:
    """The text of a file, or ScenarioError for what is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError(
            "It cannot be read:", [Mistake(name, None, "is not UTF-8 text", "Save it as UTF-8.")]
        ) from None
    if "\0" in text:
        raise ScenarioError("It cannot be read:", [Mistake(name, None, "is not text", "Choose a TOML file.")])
    return text


def _form(
    request: Request,
    found: Checked,
    more: Iterable[Mistake] = (),
    *,
    status: int = 200,
    was_checked: bool = False,
    touched: str = "",
) -> Response:
    """The page with the form. more: mistakes from elsewhere. touched: the place of the arm that a button has changed."""
    mistakes = (*more, *(each for each in found.mistakes if each not in more))
    document = document_of(found.text) if found.raw else None
    form = form_of(document.unwrap(), mistakes) if document is not None else None
    return page(
        request,
        "simulate/form.html.j2",
        status=status,
        text=found.text,
        form=form,
        anchors=form.anchors() if form else {},
        mistakes=mistakes,
        scenario=found.scenario,
        was_checked=was_checked,
        touched=touched,
    )


def _project(request: Request) -> Path:
    return request.app.state.settings.project
