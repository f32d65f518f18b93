"""A scenario from a browser, changed and checked: as plain values, so that a process apart can do it.

A page or two of TOML is looked at here, in milliseconds. Whatever is longer, and every file, goes to a process with bounds: a
single key of 40,000 parts keeps a reader of TOML busy for minutes and takes gigabytes.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import DataFileError, Mistake, ScenarioError
from commonbeat.web.security.children import Bounds, told_by
from commonbeat.web.simulate.changes import document_of, with_action, with_values
from commonbeat.web.simulate.checking import LARGEST_BYTES, NAME, check, for_worker, too_large

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.scenario import Scenario

LONGEST_HERE: Final = 12_000
"""Letters. The longest shipped scenario has a third of them; the worst text of that length takes a second."""
READER: Final = "commonbeat.web.simulate.looking:read"
BOUNDS: Final = Bounds(memory_bytes=2 << 30, processor_s=15, patience_s=60)
ENDINGS: Final = (".toml", ".txt")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a text.

    raw: its tables, empty where it has no form. about: what the pages of a job show of it, None while it has mistakes. worker: the text as a
    worker reads it. said: what is wrong with the change that was asked for.
    """

    text: str
    raw: Mapping[str, Any]
    about: Mapping[str, Any] | None = None
    worker: str = ""
    mistakes: tuple[Mistake, ...] = ()
    said: tuple[Mistake, ...] = ()


def look_at(text: str, project: Path, *, sent: Mapping[str, str] | None = None, action: str = "") -> Looked:
    """The text with what was sent for its fields and with what a button changes, checked."""
    fields = {name: value for name, value in (sent or {}).items() if name.startswith("value:")}
    if len(text.encode()) > LARGEST_BYTES:
        return Looked(text, {}, mistakes=(too_large(),))
    if len(text) + sum(map(len, fields.values())) <= LONGEST_HERE:
        return look(text, project, fields, action)
    with tempfile.TemporaryDirectory(prefix=".commonbeat.") as private:
        path = Path(private) / NAME
        path.write_bytes(text.encode())
        return _apart(path, {"project": str(project), "sent": fields, "action": action}, text)


def look_at_file(path: Path, project: Path) -> Looked:
    """The scenario in an uploaded file, read by a process with bounds. Raises ScenarioError for what is no text."""
    return _apart(path, {"project": str(project), "sent": {}, "action": ""}, "")


def look(text: str, project: Path, sent: Mapping[str, str], action: str = "") -> Looked:
    """As `look_at`, in this process."""
    text = with_values(text.replace("\r\n", "\n"), sent)
    said: tuple[Mistake, ...] = ()
    if action:
        try:
            text = with_action(text, action)
        except ScenarioError as error:
            said = error.mistakes
    found = check(text, project)
    document = document_of(found.text) if found.raw else None
    raw = document.unwrap() if document is not None else {}
    if found.scenario is None:
        return Looked(found.text, raw, mistakes=found.mistakes, said=said)
    return Looked(found.text, raw, about_of(found.scenario), for_worker(found.text, project), said=said)


def read(path: Path, order: Mapping[str, Any]) -> dict[str, Any]:
    """`look` for a process apart. Raises ScenarioError for a file that is no text, or is empty."""
    text = decoded(path.read_bytes(), path.name)
    if not text.strip():
        raise ScenarioError("There is no scenario yet:", [Mistake(path.name, None, "is empty", "Choose another file.")])
    found = look(text, Path(order["project"]), order["sent"], order["action"])
    told = {"text": found.text, "raw": found.raw, "about": found.about, "worker": found.worker}
    lists = {"mistakes": found.mistakes, "said": found.said}
    return {**told, **{name: [_plain(each) for each in given] for name, given in lists.items()}}


def about_of(scenario: Scenario) -> dict[str, Any]:
    """What the pages of a job show of its scenario."""
    return {
        "title": scenario.title,
        "days": scenario.days,
        "draws": scenario.draws,
        "reference": scenario.reference,
        "arms": {arm.name: arm.title for arm in scenario.arms},
    }


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


def _apart(path: Path, order: Mapping[str, Any], text: str) -> Looked:
    """What the process found; a text that was too much for it stays as it was, with a mistake that says so."""
    try:
        told = told_by(READER, path, order, bounds=BOUNDS)
    except DataFileError as error:
        if not text:
            raise
        return Looked(text, {}, mistakes=error.mistakes)
    told |= {name: tuple(Mistake(**each) for each in told[name]) for name in ("mistakes", "said")}
    return Looked(**told)


def _plain(mistake: Mistake) -> dict[str, Any]:
    found = asdict(mistake)
    value = found["value"]
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        found["value"] = str(value)
    return found
