"""An estimate is asked for: what can be seen at once is told at once, the rest is found out by a job, and the form waits for whoever comes back.

What a file holds cannot reach the server: a worker with bounds on its memory and time reads it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import DesignError, Mistake, Mistakes, did_you_mean
from commonbeat.web.estimate.form import HEADING, ONE_COLUMN, TEXTS, design_of
from commonbeat.web.estimate.working import DESIGN
from commonbeat.web.filling.sent import Sent
from commonbeat.web.jobs.asking import ask
from commonbeat.workflows.web_jobs import find_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.web.estimate.kept_data import KeptData
    from commonbeat.web.jobs.keeper import JobKeeper
    from commonbeat.workflows.web_jobs import JobRow

FOLDER: Final = "estimates"
FORM: Final = "form.json"
KIND: Final = "estimate"
COLUMNS: Final = ("outcome", *(each[0] for each in ONE_COLUMN), "covariates")
"""Keys of a design that name columns, each with a field of its own."""
ROLES: Final = frozenset(each[0] for each in (*ONE_COLUMN, *TEXTS))


def ask_for_estimate(keeper: JobKeeper, data: KeptData, sent: Sent, by: str) -> JobRow:
    """A job waits that estimates what the form asks of the file.

    Raises DesignError with every mistake of the design that shows without a look into the file, InputError when too much is asked for already.
    """
    raw = design_of(sent)
    _check(raw, data)
    title = str(raw.get("title") or data.file.stem)
    word = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50].strip("-") or KIND
    files = {
        DESIGN: json.dumps(raw, default=str).encode(),
        FORM: json.dumps(dict(sent), ensure_ascii=False).encode(),
    }
    arguments = {"title": f"Estimate: {title}"[:200], "data": data.name}
    return ask(keeper, KIND, arguments, files, folder=f"{FOLDER}/{word}-{{number}}", total=0, asked_by=by)


def asked_before(keeper: JobKeeper, data: KeptData, number: str) -> tuple[Sent, tuple[Mistake, ...]]:
    """The form of an earlier job on the same file, as it was filled in, with what its work found wrong; an empty one where there is none."""
    known = number.isascii() and number.isdigit() and len(number) < 10
    job = find_job(keeper.store, int(number)) if known else None
    if job is None or job.kind != KIND or job.arguments.get("data") != data.name:
        return Sent({}), ()
    folder = keeper.folder(job.number)
    try:
        found: dict[str, list[str]] = json.loads((folder.path / FORM).read_bytes())
    except (OSError, ValueError):
        return Sent({}), ()
    outcome = folder.outcome() if job.state == "failed" else None
    wrong = outcome.mistakes if outcome else ()
    sent = Sent({name: tuple(texts) for name, texts in found.items()})
    return sent, tuple(Mistake(_field(place, sent), _plain(value), rule, way) for place, value, rule, way in wrong)


def _check(raw: dict[str, Any], data: KeptData) -> None:
    """The design holds together and names columns that the file has, or DesignError with every mistake."""
    from commonbeat.estimate.design import make_design

    mistakes = Mistakes()
    scales = raw.get("scales")
    made = set(scales) if isinstance(scales, dict) else set()  # of several columns, in place of one
    known = [each.name for each in data.columns]
    for place, name in _named(raw):
        if name not in known and not (place == "outcome" and name in made):
            rule = f"is not a column of {data.file.name}"
            mistakes.add(place, name, rule, did_you_mean(name, known))
    try:
        make_design(raw)
    except DesignError as error:
        mistakes.found.extend(error.mistakes)
    mistakes.raise_if_any(DesignError, HEADING)


def _named(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, column) for every column that one of the form's own keys names."""
    for place in COLUMNS:
        value = raw.get(place)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each:
                yield place, each


def _field(place: str, sent: Sent) -> str:
    """The key of the field at which a mistake is best seen: the work names columns ("visited", "visited control"), the form what they are."""
    role = place.rpartition(" ")[2]
    if role in ROLES:
        return role
    return next((key for key in COLUMNS if sent.text(key) == place), place)


def _plain(value: str) -> object:
    """A value as it was before a worker wrote it down: its letters without the marks around them; None for nothing."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return (value[1:-1] if quoted else value) or None
