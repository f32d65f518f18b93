"""The arms of a whole run side by side, and a study of what would change its headlines."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from commonbeat.report.number import spell
from commonbeat.web.jobs.asking import ask, keeper_of
from commonbeat.web.jobs.kinds import SCENARIO
from commonbeat.web.jobs.picture import UNIT, pictures_of
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs
from commonbeat.web.simulate.arms import arms_picture
from commonbeat.web.simulate.pages import slug
from commonbeat.workflows.web_bands import FEWEST_FOR_BANDS, last_day, of_run
from commonbeat.workflows.web_reports import result_in

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.results.run_folder import Run

WORSE: Final = {"trust": "lower", "cooperation": "lower", "regard": "lower", "prejudice": "higher"}


@needs("viewer")
def compared(request: Request) -> Response:
    """All arms against the reference: on the last day, and day by day. Raises RunFolderError for a run that was changed."""
    run, place = _run(request)
    asked = request.query_params
    found = of_run(run, group=asked.get("group", ""), outcome=asked.get("outcome", ""))
    titles = {arm["name"]: arm["title"] for arm in run.manifest.get("arms", ())}
    notes = {arm["name"]: arm.get("note", "") for arm in run.manifest.get("arms", ())}
    rows = last_day(run, found)
    return page(
        request,
        "simulate/run.html.j2",
        run=run,
        place=place,
        found=found,
        titles=titles,
        notes=notes,
        rows=[_shown(row) for row in rows],
        over_arms=arms_picture(rows, titles, found) if found.draws >= FEWEST_FOR_BANDS else None,
        pictures=pictures_of(found, titles, run.manifest["days"]),
        fewest=FEWEST_FOR_BANDS,
        worse=WORSE.get(found.outcome, ""),
    )


@needs("analyst")
def studied(request: Request) -> Response:
    """A study of what would change the run's headlines waits for its turn."""
    run, _ = _run(request)
    title = str(run.manifest.get("title", "a run"))
    job = ask(
        keeper_of(request.app),
        "sensitivity",
        {"title": f"What would change: {title}"},
        {SCENARIO: run.scenario_text.encode()},
        folder=f"studies/{slug(title)}-{{number}}",
        total=0,
        asked_by=request.state.session.user,
    )
    return RedirectResponse(f"/jobs/{job.number}", status_code=303)


def _run(request: Request) -> tuple[Run, str]:
    project, place = request.app.state.settings.project, request.path_params["place"]
    result = result_in(project, place)
    if result is None or not result.is_run:
        raise HTTPException(404)
    folder: Path = project / place
    return _opened(folder, (folder / "manifest.json").stat().st_mtime_ns), place


@lru_cache(maxsize=4)
def _opened(folder: Path, _written: int) -> Run:
    """The run, checked against its manifest once for as long as that stays the same."""
    from commonbeat.results.run_folder import open_run

    return open_run(folder)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table in words: an interval where there are draws enough, and how many draws are worse."""
    enough = row["draws"] >= FEWEST_FOR_BANDS
    words = spell(row["median"], UNIT, (row["low"], row["high"]) if enough else None)
    worse = row.get("probability_worse")
    share = "" if worse is None or not enough else f"{round(worse * row['draws'])} of {row['draws']}"
    return {"arm": row["arm"], "words": words, "worse": share}
