"""From a file, or from what the store kept of one, to a study; or to one error that lists every mistake."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from commonbeat.errors import InputError, Mistake, Mistakes, StudyError
from commonbeat.listen.study.bank_checks import bank_mistakes
from commonbeat.listen.study.checks import study_mistakes
from commonbeat.listen.study.model import StudyDesign
from commonbeat.listen.study.shipped import study_file
from commonbeat.listen.study.wording import told
from commonbeat.record.plain import read_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.listen.bank.read import Bank

LARGEST_BYTES: Final = 1_000_000
DEEPEST: Final = 12


def load_study(path: str | Path) -> StudyDesign:
    """The study in the file at `path`, or the shipped one of that name, checked against the bank and with the folder of its paths.

    Raises:
        StudyError: with every mistake in the file, or with why it cannot be read.
    """
    file = study_file(path)
    return parse_study(_text(file), folder=file.parent.absolute(), source=str(path))


def parse_study(text: str, *, folder: Path | None, source: str) -> StudyDesign:
    """The study that TOML text holds, its paths meant from `folder`; `source` names it in errors. Raises StudyError as `load_study` does."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no error of TOML's own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        way_out = "Mend that line: words stand in quotes; true, false, numbers and days stand without."
        raise _unreadable(source, f"is not TOML: {reason}", way_out) from error
    if _depth(raw) > DEEPEST:
        raise _unreadable(source, "is nested more deeply than any study", "Start from a shipped study.")
    return _checked(raw, folder, f"{source} cannot be used as a study:")


def study_from(document: Mapping[str, Any]) -> StudyDesign:
    """The study that `StudyDesign.document` wrote, checked again; StudyError lists what this version refuses in it."""
    body = {key: value for key, value in document.items() if key != "folder"}
    folder = document.get("folder")
    return _checked(body, None if folder is None else Path(folder), "This study cannot be used:")


def bank_of(study: StudyDesign) -> Bank:
    """The items that the study may use: the shipped ones and the team's own."""
    from commonbeat.listen.bank.read import load_bank

    return load_bank(own=_own_file(study.own_items, study.folder))


def _own_file(own_items: object, folder: Path | None) -> Path | None:
    if not isinstance(own_items, str):
        return None
    return Path(own_items) if folder is None else folder / own_items


def _checked(raw: Mapping[str, Any], folder: Path | None, heading: str) -> StudyDesign:
    tree, found, study = read_tree(raw), Mistakes(), None
    try:
        study = StudyDesign.model_validate_json(json.dumps(tree))
    except ValidationError as error:
        found.found += told(error)
    places = {each.place for each in found.found}
    cross = study_mistakes(tree)
    cross.found += _bank_mistakes(tree, folder)
    found.found += [each for each in cross.found if each.place not in places]
    found.found.sort(key=lambda mistake: ("." in mistake.place, mistake.place))
    found.raise_if_any(StudyError, heading)
    assert study is not None  # noqa: S101 - nothing was found
    return study.within(folder)


def _bank_mistakes(tree: Mapping[str, Any], folder: Path | None) -> list[Mistake]:
    """What the bank says of the study, with the shipped items alone where the team's own cannot be used."""
    from commonbeat.listen.bank.read import load_bank

    own = _own_file(tree.get("own_items"), folder)
    try:
        return bank_mistakes(tree, load_bank(own=own)).found
    except InputError as error:
        place = f"own_items ({own})"
        return [Mistake(f"{place}: {each.place}", each.value, each.rule, each.way_out) for each in error.mistakes] or [
            Mistake(place, None, error.heading)
        ]


def _depth(tree: Any, depth: int = 0) -> int:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return depth if depth > DEEPEST else max((_depth(each, depth + 1) for each in inner), default=depth)


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise _unreadable(path, "is not a file", "Name the file itself.")
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _unreadable(path, f"cannot be read: {reason}", "Check the path.") from error
    except ValueError as error:
        raise _unreadable(path, f"is no path: {error}", "Check the path.") from error
    if len(raw) > LARGEST_BYTES:
        raise _unreadable(path, f"is larger than {LARGEST_BYTES:,} bytes", "A study is a few pages of TOML.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unreadable(path, f"is not UTF-8 text (line {line})", "Save it as UTF-8.") from error
    if not text.strip():
        raise _unreadable(path, "is empty", "Begin with: commonbeat listen new STUDY.toml")
    return text


def _unreadable(path: str | Path, rule: str, way_out: str = "") -> StudyError:
    return StudyError("The study cannot be read:", [Mistake(str(path), None, rule, way_out)])
