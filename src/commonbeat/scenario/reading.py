"""From a file, or the name of a shipped scenario, to a Scenario; or to one error that lists every mistake."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from commonbeat.errors import Mistake, ScenarioError, did_you_mean
from commonbeat.scenario.checks import cross_mistakes
from commonbeat.scenario.model import Scenario
from commonbeat.scenario.wording import schema_mistakes

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = ("backfire", "dance-off", "nothing-happens")
LARGEST_BYTES = 1_000_000


def load_scenario(path: str | Path) -> Scenario:
    """The scenario in the file at `path`, whole and checked.

    Raises:
        ScenarioError: with every mistake in the file, or with why it cannot be read.
    """
    return parse_scenario(scenario_text(path), source=str(path))


def shipped(name: str) -> Scenario:
    """The shipped scenario of that name: one of SHIPPED."""
    return parse_scenario(shipped_text(name), source=f"{name}.toml")


def shipped_text(name: str) -> str:
    """The TOML of the shipped scenario of that name, comments and all."""
    if name not in SHIPPED:
        raise ScenarioError("There is no such scenario:", [Mistake(name, None, "is not shipped", _known(name))])
    return (resources.files("commonbeat") / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")


def scenario_text(path: str | Path) -> str:
    """The text of the file at `path`; ScenarioError says why when there is none."""
    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        way_out = f"Check the path, or use a shipped scenario by its name. {_known(str(path))}"
        raise _unreadable(path, f"cannot be read: {reason.lower()}", way_out) from error
    if len(raw) > LARGEST_BYTES:
        raise _unreadable(path, f"is larger than {LARGEST_BYTES:,} bytes", "A scenario is a page or two of TOML.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unreadable(path, f"is not UTF-8 text (byte {error.start}, line {line})", "Save it as UTF-8.") from error
    if not text.strip():
        raise _unreadable(path, "is empty", "Start from one with: commonbeat schema, or a shipped scenario.")
    return text


def parse_scenario(text: str, *, source: str) -> Scenario:
    """The scenario that `text` holds; `source` names it in errors."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no error of TOML's own
        raise _unreadable(source, f"is not TOML: {_first_line(error)}", _syntax_help(error)) from error
    heading = f"{source} cannot be used as a scenario:"
    try:
        return Scenario.model_validate(frozen(raw))
    except ScenarioError as error:
        raise ScenarioError(heading, error.mistakes) from None
    except ValidationError as error:
        found = schema_mistakes(error).found + cross_mistakes(raw).found
        raise ScenarioError(heading, sorted(found, key=_toml_order)) from None


def frozen(value: Any) -> Any:
    """`value` with every list turned into a tuple, as the strict models want it."""
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return tuple(frozen(item) for item in value) if isinstance(value, list) else value


def with_settings(text: str, settings: Mapping[str, int], *, source: str) -> str:
    """The TOML with top-level whole numbers replaced, so that the saved file alone gives the run again."""
    first_table = re.search(r"^\s*\[", text, re.MULTILINE)
    cut = first_table.start() if first_table else len(text)
    head, tail = text[:cut], text[cut:]
    for key, value in settings.items():
        head, count = re.subn(rf"^({key}\s*=\s*)[-+\w]+", rf"\g<1>{value}", head, count=1, flags=re.MULTILINE)
        head = head if count else f"{key} = {value}\n{head}"
    changed = head + tail
    wanted = parse_scenario(text, source=source).model_copy(update=dict(settings))
    if parse_scenario(changed, source=source) != wanted:
        names = ", ".join(settings)
        raise _unreadable(source, f"is written so that {names} cannot be replaced in it", "Change it in the file.")
    return changed


def scenario_schema() -> dict[str, Any]:
    """The JSON schema of a scenario file, for editors and for people."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}


def _unreadable(source: str | Path, rule: str, way_out: str = "") -> ScenarioError:
    return ScenarioError("The scenario cannot be read:", [Mistake(str(source), None, rule, way_out)])


def _known(name: str) -> str:
    return did_you_mean(Path(name).name.removesuffix(".toml"), SHIPPED)


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _syntax_help(error: BaseException) -> str:
    if "overwrite" in str(error) or "twice" in str(error):
        return "Write each key and each table once."
    return "The file may be cut off." if "end of document" in str(error) else "Mend that line."


def _toml_order(mistake: Mistake) -> tuple[bool, str]:
    """Top-level keys first, then tables, each by place."""
    return ("." in mistake.place or "[" in mistake.place, mistake.place)
