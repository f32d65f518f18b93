"""From a TOML file, or the options of a command, to a Design; or to one error that lists every mistake."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from commonbeat.errors import DesignError, Mistake
from commonbeat.estimate.design.checks import design_mistakes
from commonbeat.estimate.design.model import Design
from commonbeat.scenario.wording import schema_mistakes

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_BYTES = 1_000_000
LISTS = ("outcome", "treated", "covariates", "missing")


def load_design(path: str | Path, options: Mapping[str, Any] | None = None) -> Design:
    """The design in the file at `path`, with `options` in place of its own keys, whole and checked.

    Raises:
        DesignError: with every mistake in the file and the options, or with why it cannot be read.
    """
    return parse_design(design_text(path), source=str(path), options=options)


def design_text(path: str | Path) -> str:
    """The text of the file at `path`; DesignError says why when there is none."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _unreadable(path, f"cannot be read: {reason}", "Check the path.") from error
    if len(raw) > LARGEST_BYTES:
        raise _unreadable(path, f"is larger than {LARGEST_BYTES:,} bytes", "A design is a page of TOML.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"is not UTF-8 text (byte {error.start})", "Save it as UTF-8.") from error


def parse_design(text: str, *, source: str, options: Mapping[str, Any] | None = None) -> Design:
    """The design that `text` holds, with `options` in place of its own keys; `source` names it in errors."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no error of TOML's own
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _unreadable(source, f"is not TOML: {first}", "Mend that line.") from error
    return make_design({**raw, **(options or {})}, heading=f"{source} cannot be used as a design:")


def make_design(raw: Mapping[str, Any], *, heading: str = "The design cannot be used:") -> Design:
    """The design that these keys make. One word stands for a list of one. Raises DesignError with every mistake."""
    whole = {key: [value] if key in LISTS and not _is_list(value) else value for key, value in raw.items()}
    try:
        design = Design.model_validate(frozen(whole))
    except ValidationError as error:
        found = schema_mistakes(error, Design).found
        raise DesignError(heading, sorted(found, key=lambda mistake: mistake.place)) from None
    design_mistakes(design).raise_if_any(DesignError, heading)
    return design


def frozen(value: Any) -> Any:
    """`value` with every list turned into a tuple, as the strict models want it."""
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return tuple(frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _unreadable(source: str | Path, rule: str, way_out: str) -> DesignError:
    return DesignError("The design cannot be read:", [Mistake(str(source), None, rule, way_out)])
