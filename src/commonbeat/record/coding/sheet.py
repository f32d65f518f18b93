"""A coding sheet: what coders look for, when it counts and when not, on which scale, and who codes it."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from commonbeat.errors import CodingError, Mistakes
from commonbeat.record.coding.levels import LEVELS
from commonbeat.record.words import Role
from commonbeat.scenario.strict import StrictModel
from commonbeat.scenario.wording import schema_mistakes

HEADING: Final = "The coding sheet cannot be used as it stands:"
SHIPPED: Final = {"clips": "clip_sheet.toml", "texts": "text_sheet.toml"}
LARGEST_SHEET_BYTES: Final = 1 << 20
Words = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Code(StrictModel):
    """One thing to look for."""

    name: Name
    "The word in files: lower-case letters, digits and _."
    title: Words
    "The word that coders read."
    key: Annotated[str, Field(min_length=1, max_length=1)] = ""
    "The key on the keyboard that marks it in coding programs."
    kind: Literal["moment", "stretch", "interval", "text"]
    "moment: marked when it happens; stretch: marked from its beginning to its end; interval: judged once per interval; text: judged once per text."
    interval_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    "How long an interval is, in seconds; for kind interval only."
    level: Literal["nominal", "ordinal", "interval", "ratio"]
    "What the values are: names, an order, equal steps, or equal steps from a true zero."
    values: tuple[Words, ...] = ()
    "The values, in their order. Left out for numbers of level interval or ratio."
    definition: Words
    "What it is, in one or two sentences."
    yes: Words
    "When it counts."
    no: Words
    "When it does not count."
    examples: Annotated[tuple[Words, ...], Field(min_length=1)]
    "Examples that count."
    near_misses: tuple[Words, ...] = ()
    "Examples that look alike and do not count."
    coders: Words
    "Who codes it."
    sides: tuple[Role, ...] = ()
    "The sides that get a value of their own, by role and never by person; for kind interval only. Left out: one value for all."
    tone: tuple[Annotated[float, Field(ge=-1, le=1)], ...] = ()
    "What each value says about the tone, from -1 (hostile) to 1 (respectful); left out where it says nothing."


class Sheet(StrictModel):
    """What a team codes, in the order in which coders meet it."""

    title: Words
    "The heading of the printed sheet."
    version: Literal[1]
    "The version of this format."
    about: Literal["clips", "texts"]
    "What is coded."
    instructions: Words
    "What coders read first."
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]
    "What to look for."

    def code(self, name: str) -> Code | None:
        """The code of that name, whatever its letters' case, or None."""
        return next((each for each in self.codes if each.name == name.strip().casefold()), None)


def shipped_sheet(about: Literal["clips", "texts"]) -> Sheet:
    """The sheet that comes with the package for clips or for texts."""
    return _shipped(about)


@lru_cache(maxsize=2)
def _shipped(about: str) -> Sheet:
    return read_sheet(Path(__file__).parent / SHIPPED[about])


def read_sheet(path: str | Path) -> Sheet:
    """The sheet in the TOML file. Raises CodingError with every mistake in it."""
    path = Path(path)
    found = Mistakes()
    text = _text(path, found)
    found.raise_if_any(CodingError, HEADING)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found.add(path.name, None, f"is not TOML: {error}", "Mend the line that is named.")
        found.raise_if_any(CodingError, HEADING)
        raise
    try:
        sheet = Sheet.model_validate(_tuples(table))
    except ValidationError as error:
        found = schema_mistakes(error, Sheet)
        found.raise_if_any(CodingError, HEADING)
        raise
    _consistent(sheet, found)
    found.raise_if_any(CodingError, HEADING)
    return sheet


def _text(path: Path, found: Mistakes) -> str:
    try:
        if path.stat().st_size > LARGEST_SHEET_BYTES:
            found.add(
                path.name, None, "is larger than one megabyte", "A sheet is a short text: is this the right file?"
            )
            return ""
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        found.add(path.name, None, f"is not UTF-8 text (byte {error.start})", "Save it as UTF-8.")
    except OSError as error:
        found.add(str(path), None, f"cannot be read: {error.strerror}", "Check the path.")
    return ""


def _tuples(value: object) -> object:
    """Lists as tuples, which strict models ask for."""
    if isinstance(value, list):
        return tuple(_tuples(each) for each in value)
    if isinstance(value, dict):
        return {key: _tuples(each) for key, each in value.items()}
    return value


def _consistent(sheet: Sheet, found: Mistakes) -> None:
    """Every rule between keys holds, or the mistakes say where not."""
    for field in ("name", "key"):
        seen: dict[str, int] = {}
        for number, code in enumerate(sheet.codes):
            value = getattr(code, field)
            if value and value in seen:
                found.add(f"codes[{number}].{field}", value, f"stands at codes[{seen[value]}] too", "Choose another.")
            seen.setdefault(value, number)
    for number, code in enumerate(sheet.codes):
        _consistent_code(f"codes[{number}]", code, sheet.about, found)


def _consistent_code(place: str, code: Code, about: str, found: Mistakes) -> None:
    if (code.kind == "text") != (about == "texts"):
        found.add(
            f"{place}.kind",
            code.kind,
            f"does not go with a sheet about {about}",
            "Texts have kind text, clips the others.",
        )
    if (code.kind == "interval") != (code.interval_s is not None):
        found.add(
            f"{place}.interval_s",
            code.interval_s,
            "goes with kind interval, and only with it",
            "Add it or take it out.",
        )
    if code.sides and code.kind != "interval":
        found.add(f"{place}.sides", code.kind, "is a kind without sides", "Marks name their subject; take it out.")
    if len(set(code.sides)) < len(code.sides):
        found.add(f"{place}.sides", None, "names a side twice", "Keep one.")
    _consistent_values(place, code, found)


def _consistent_values(place: str, code: Code, found: Mistakes) -> None:
    if len(code.values) == 1 or (not code.values and code.level in LEVELS[:2]):
        found.add(f"{place}.values", None, "has fewer than two values", "Write at least two, in their order.")
    twice = {each for each in code.values if [one.casefold() for one in code.values].count(each.casefold()) > 1}
    for each in sorted(twice):
        found.add(f"{place}.values", each, "stands there twice", "Keep one.")
    if code.level in LEVELS[2:]:
        for each in code.values:
            if not _is_number(each):
                found.add(
                    f"{place}.values",
                    each,
                    f"is not a number, as level {code.level} needs",
                    "Use level ordinal for words.",
                )
    if code.tone and len(code.tone) != len(code.values):
        found.add(
            f"{place}.tone",
            len(code.tone),
            f"is not one number for each of {len(code.values)} values",
            "Give one each.",
        )
    if any(mark in value for value in code.values for mark in "(|),`~"):
        found.add(
            f"{place}.values",
            None,
            "has one of the signs ( | ) , ` ~ in it, which coding programs refuse",
            "Leave them out.",
        )


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
