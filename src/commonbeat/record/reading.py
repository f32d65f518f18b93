"""From a file to records, or to one error that lists every mistake: TOML and JSON hold one record, CSV one a row."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import ValidationError

from commonbeat.errors import ConsentError, Mistake, Mistakes, RecordError
from commonbeat.record.checks import name_mistakes, record_mistakes
from commonbeat.record.consent import COLLECT_LATER, Consent
from commonbeat.record.consent_checks import consent_mistakes
from commonbeat.record.consent_slots import spread_out, told_in_rows
from commonbeat.record.encounter import Encounter
from commonbeat.record.plain import read_tree
from commonbeat.record.table import table_rows
from commonbeat.record.wording import told
from commonbeat.record.words import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import InputError

LARGEST_BYTES = 50_000_000
LARGEST_PAGE_BYTES = 2_000_000
DEEPEST = 12
Model = TypeVar("Model", Encounter, Consent)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The records of one file, and the consent files that it names, by the encounter that they are about."""

    path: Path
    encounters: tuple[Encounter, ...]
    consent_files: dict[str, Path]


def load_record(path: str | Path) -> Encounter:
    """The one record in the file at `path`; RecordError says what is wrong, or that there are several."""
    read = load_records(path)
    if len(read.encounters) != 1:
        rule = f"holds {len(read.encounters)} records where one is meant"
        raise RecordError(
            "The record cannot be read:", [Mistake(str(path), None, rule, "Give each a file of its own.")]
        )
    return read.encounters[0]


def load_records(path: str | Path) -> RecordFile:
    """Every record in the file at `path`: TOML or JSON with one (JSON also with a list), or CSV with one a row.

    Raises RecordError with every mistake in the file.
    """
    path = Path(path)
    text = file_text(path, "record", RecordError)
    trees = _trees(path, text)
    found, encounters, consent_files = Mistakes(), [], {}
    for place, tree in trees:
        if isinstance(tree, dict) and isinstance(tree.get("consent"), str):
            beside = path.parent / tree["consent"]
            consent_files[str(tree.get("identifier"))] = beside
            tree["consent"] = _consent_beside(beside, place, found)
        encounter = parse_record(tree, place, found)
        if encounter is not None:
            encounters.append(encounter)
    _twice(encounters, [place for place, _ in trees], found)
    found.raise_if_any(RecordError, f"{path} cannot be used as a record:")
    return RecordFile(path, tuple(encounters), consent_files)


def load_consent(path: str | Path) -> Consent:
    """The consent in the file at `path` (TOML or JSON); ConsentError lists every mistake in it."""
    path = Path(path)
    text = file_text(path, "consent", ConsentError)
    tree = read_tree(_parsed(path, text, "consent", ConsentError))
    if isinstance(tree, dict) and isinstance(tree.get("consent"), str):
        return load_consent(path.parent / tree["consent"])  # a record that names its consent's file
    found = Mistakes()
    consent = _parse_consent(tree, found) if isinstance(tree, dict) else None
    if consent is None and not found.found:
        found.add("the file", None, "is not a table", "A consent file begins with schema = 1.")
    found.raise_if_any(ConsentError, f"{path} cannot be used as a consent:")
    assert consent is not None  # noqa: S101 - nothing was found
    return consent


def _parse_consent(tree: dict[str, Any], found: Mistakes) -> Consent | None:
    if isinstance(tree.get("consent"), dict):
        # A record holds its consent as a table; whoever gives the record in its place means that.
        tree = {"schema": tree.get("schema"), **tree["consent"]}
    body = _without_schema(tree, "", found)
    cross = consent_mistakes(body)
    cross.found += name_mistakes(body, texts=("note",), identifiers=("identifier",)).found
    spread, behind = spread_out(body)
    return _validated(Consent, spread, "", cross, found, Rows("", behind))


def parse_record(tree: Any, place: str, found: Mistakes) -> Encounter | None:
    """The record that a tree holds; None when it has mistakes, which then stand in `found` below `place`."""
    if not isinstance(tree, dict):
        found.add(place.rstrip(": ") or "the file", None, "is not a table of a record's fields")
        return None
    body = _without_schema(tree, place, found)
    consent, behind = body.get("consent"), ()
    cross = record_mistakes(body)
    if isinstance(consent, dict):
        cross.found += consent_mistakes(consent, "consent.").found
        body["consent"], behind = spread_out(consent)
    return _validated(Encounter, body, place, cross, found, Rows("consent.", behind))


class Rows(NamedTuple):
    """Which row of the file is behind each permission of the consent that stands at `place`."""

    place: str
    behind: tuple[int, ...]


def _validated(
    model: type[Model], body: dict[str, Any], place: str, cross: Mistakes, found: Mistakes, rows: Rows
) -> Model | None:
    """The checked model of a tree, or None and every mistake in `found`, at the rows of the file."""
    try:
        made = model.model_validate_json(json.dumps(body), context=COLLECT_LATER)
    except ValidationError as error:
        mistakes = told_in_rows(told(error, model), *rows)
        mistakes += [each for each in cross.found if each.place not in {one.place for one in mistakes}]
    else:
        mistakes = cross.found
        if not mistakes:
            return made
    known = {each.place for each in found.found}  # such as a consent file that could not be read
    here = [Mistake(f"{place}{each.place}", each.value, each.rule, each.way_out) for each in mistakes]
    found.found += [each for each in here if each.place not in known]
    return None


def _without_schema(tree: Mapping[str, Any], place: str, found: Mistakes) -> dict[str, Any]:
    """The tree without its version, which is checked here."""
    version = tree.get("schema")
    where, rest = f"{place}schema", {key: value for key, value in tree.items() if key != "schema"}
    if version is None:
        found.add(where, None, "is missing", f"Write schema = {SCHEMA}.")
    elif isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA:
        found.add(where, version, "is newer than this Common Beat knows", f"It knows {SCHEMA}: update it.")
    elif version is True or version != SCHEMA:
        found.add(where, version, "is no version of a record", f"Write schema = {SCHEMA}.")
    return rest


def _consent_beside(path: Path, place: str, found: Mistakes) -> Any:
    """The consent file that a record names, as a tree of the record; None when it cannot be read."""
    try:
        tree = read_tree(_parsed(path, file_text(path, "consent", ConsentError), "consent", ConsentError))
    except ConsentError as error:
        found.found += [Mistake(f"{place}consent", each.place, each.rule, each.way_out) for each in error.mistakes]
        return None
    if not isinstance(tree, dict):
        return tree
    return _without_schema(tree, f"{place}consent.", found)


def _twice(encounters: list[Encounter], places: list[str], found: Mistakes) -> None:
    first: dict[str, str] = {}
    for place, encounter in zip(places, encounters, strict=False):
        if encounter.identifier in first:
            found.add(f"{place}identifier", encounter.identifier, "stands there twice", "Each record has its own.")
        first.setdefault(encounter.identifier, place)


def _trees(path: Path, text: str) -> list[tuple[str, Any]]:
    """(place, tree) of every record in the text."""
    if path.suffix.lower() == ".csv":
        return [(f"row {row}: ", read_tree(tree)) for row, tree in table_rows(text, str(path))]
    tree = read_tree(_parsed(path, text, "record", RecordError))
    if isinstance(tree, list):
        return [(f"{number}: ", each) for number, each in enumerate(tree, start=1)]
    return [("", tree)]


def _parsed(path: Path, text: str, what: str, error_type: type[InputError]) -> Any:
    """The tree that TOML or JSON text holds."""
    if len(text) > LARGEST_PAGE_BYTES and path.suffix.lower() != ".json":
        raise _unreadable(path, f"is larger than {LARGEST_PAGE_BYTES:,} bytes", "A record is a page.", what, error_type)
    try:
        tree = json.loads(text, object_pairs_hook=_once) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # both kinds of syntax errors are ValueErrors
        kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        way_out = "Mend that line: words stand in quotes; true, false, numbers and days stand without."
        raise _unreadable(path, f"is not {kind}: {reason}", way_out, what, error_type) from error
    if _depth(tree) > DEEPEST:
        raise _unreadable(path, "is nested more deeply than any record", "", what, error_type)
    return tree


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys stand there once; what comes twice would otherwise be dropped without a word."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for index, (key, _) in enumerate(pairs) if key in {each for each, _ in pairs[:index]})
        raise ValueError(f"the key {twice!r} stands there twice")
    return made


def _depth(tree: Any, depth: int = 0) -> int:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    if depth > DEEPEST:
        return depth
    return max((_depth(each, depth + 1) for each in inner), default=depth)


def file_text(path: Path, what: str, error_type: type[InputError]) -> str:
    """The text of the file; `error_type` says why when there is none."""
    if path.exists() and not path.is_file():
        raise _unreadable(path, "is not a file", "Name the file itself.", what, error_type)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _unreadable(path, f"cannot be read: {reason}", "Check the path.", what, error_type) from error
    except ValueError as error:
        raise _unreadable(path, f"is no path: {error}", "Check the path.", what, error_type) from error
    if len(raw) > LARGEST_BYTES:
        raise _unreadable(path, f"is larger than {LARGEST_BYTES:,} bytes", "Cut it into several.", what, error_type)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unreadable(path, f"is not UTF-8 text (line {line})", "Save it as UTF-8.", what, error_type) from error
    if not text.strip():
        raise _unreadable(path, "is empty", "Begin with: commonbeat record new", what, error_type)
    return text


def _unreadable(path: Path, rule: str, way_out: str, what: str, error_type: type[InputError]) -> InputError:
    return error_type(f"The {what} cannot be read:", [Mistake(str(path), None, rule, way_out)])
