"""From a file, or the name of a shipped design, to a PowerDesign; or to one error that lists every mistake."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from commonbeat.errors import DesignError, Mistake, did_you_mean
from commonbeat.estimate.design.reading import design_text, frozen
from commonbeat.estimate.power.checks import cross_mistakes
from commonbeat.estimate.power.model import PowerDesign
from commonbeat.scenario.wording import schema_mistakes

SHIPPED_DESIGNS = ("clip-survey", "door-visit", "park-afternoons")


def load_power_design(path: str | Path) -> PowerDesign:
    """The planned study in the file at `path`, or the shipped one of that name, whole and checked.

    Raises:
        DesignError: with every mistake in the file, or with why it cannot be read.
    """
    return parse_power_design(power_design_text(path), source=str(path))


def power_design_text(path: str | Path) -> str:
    """The text of the file at `path`, or of the shipped design of that name; DesignError says why when there is none."""
    name = str(path)
    if Path(name).is_file():
        return design_text(path)
    if name in SHIPPED_DESIGNS:
        return (resources.files("commonbeat") / "designs" / f"{name}.toml").read_text(encoding="utf-8")
    known = did_you_mean(Path(name).name.removesuffix(".toml"), SHIPPED_DESIGNS)
    if Path(name).exists():
        return design_text(path)
    rule = "cannot be read: no such file or directory"
    way_out = f"Check the path, or use a shipped design by its name. {known}"
    raise DesignError("The design cannot be read:", [Mistake(name, None, rule, way_out)])


def parse_power_design(text: str, *, source: str) -> PowerDesign:
    """The planned study that `text` holds; `source` names it in errors."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no error of TOML's own
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        mistake = Mistake(source, None, f"is not TOML: {first}", "Mend that line.")
        raise DesignError("The design cannot be read:", [mistake]) from error
    heading = f"{source} cannot be used as a planned study:"
    between = cross_mistakes(raw)
    try:
        design = PowerDesign.model_validate(frozen(raw))
    except ValidationError as error:
        found = [*schema_mistakes(error, PowerDesign).found, *between.found]
        raise DesignError(heading, sorted(found, key=lambda mistake: mistake.place)) from None
    between.raise_if_any(DesignError, heading)
    return design
