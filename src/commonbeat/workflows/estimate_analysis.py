"""From a read file and a design to a whole analysis."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING

from commonbeat.errors import DataFileError, DesignError, Mistakes
from commonbeat.estimate.analysis import Analysis
from commonbeat.estimate.plan import departures, freeze, load_frozen
from commonbeat.estimate.sections import Found, about_the_arms, trial_sections, weaknesses, with_remarks, would_change

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from commonbeat.datafile import DataFile
    from commonbeat.estimate.analysis import DataAccount
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.interference import Ties
    from commonbeat.estimate.prepare import Prepared
    from commonbeat.workflows.narrator import Narrator

LIBRARIES = ("numpy", "scipy", "polars")


def analyse(file: DataFile, design: Design, folder: Path, narrator: Narrator) -> Analysis:
    """The whole analysis of a file. folder: what the design's own paths are relative to.

    Raises DataFileError and DesignError with every mistake.
    """
    file = file.about(_named(design.model_dump(), set(file.frame.columns)), design.missing)
    planned = None if design.plan is None else load_frozen(folder / design.plan)
    if design.treatment is not None:
        from commonbeat.estimate.prepare import prepare

        prepared = prepare(file, design)
        narrator.says(f"{prepared.account.rows_used:,} of {file.rows:,} rows are compared")
        found = trial_sections(prepared, design, ties=_ties(prepared, design, folder), tell=narrator.says)
        account, arms, remarks = (
            prepared.account,
            prepared.arms,
            (*prepared.warnings, *about_the_arms(design, prepared.account)),
        )
    else:
        found, account = _over_time(file, design)
        arms, remarks = (), ()
    found = with_remarks(found, (*remarks, *account.warnings))
    return Analysis(
        design=design,
        data=account,
        arms=arms,
        primary=found.primary,
        sections=found.sections,
        by_group=found.by_group,
        weaknesses=weaknesses(design, found.primary, found.sections),
        would_change=would_change(found.sections),
        departures=None if planned is None else departures(planned, design),
        versions=_versions(),
        design_text=freeze(design),
    )


def _named(part: object, columns: set[str]) -> set[str]:
    """The columns that any part of a design names, as values or as keys."""
    if isinstance(part, Mapping):
        return _named(tuple(part.keys()), columns) | _named(tuple(part.values()), columns)
    if isinstance(part, tuple | list):
        return set().union(*(_named(each, columns) for each in part))
    return {part} & columns if isinstance(part, str) else set()


def _over_time(file: DataFile, design: Design) -> tuple[Found, DataAccount]:
    """The sections of a study in which time does the comparing."""
    from commonbeat.estimate import sections
    from commonbeat.estimate.prepare import over_time

    if design.panel is not None:
        tables, account = over_time.prepare_panel(file, design)
        return Found(*sections.panel_sections(tables)), account
    if design.before_after is not None:
        tables, account = over_time.prepare_before_after(file, design)
        return Found(*sections.before_after_sections(tables)), account
    if design.rollout is not None:
        tables, account = over_time.prepare_rollout(file, design)
        return Found(*sections.rollout_sections(tables)), account
    alone, places, account = over_time.prepare_series(file, design)
    return Found(*sections.series_sections(alone, places)), account


def _ties(prepared: Prepared, design: Design, folder: Path) -> Ties | None:
    """The ties among the people of the main comparison, or None where the design gives none."""
    from commonbeat.datafile import read_data_file
    from commonbeat.estimate.interference import directed_ties, mutual_ties

    if design.interference is None:
        return None
    main = prepared.comparisons[0]
    mistakes = Mistakes()
    if main.trial.person is None:
        mistakes.add("person", None, "is missing", "Name the column whose values the ties are written in.")
        mistakes.raise_if_any(DesignError, "Ties cannot be used:")
    file = read_data_file(folder / design.interference.ties)
    ends = (design.interference.source, design.interference.target)
    file.check_columns((("interference", name) for name in ends), mistakes)
    mistakes.raise_if_any(DataFileError, f"{file.name} cannot be used as ties:")
    source, target = (_rows_of(file, name, prepared) for name in ends)
    known = (source >= 0) & (target >= 0)
    make = directed_ties if design.interference.directed else mutual_ties
    return make(main.trial.outcome.size, source[known], target[known])


def _rows_of(file: DataFile, column: str, prepared: Prepared) -> np.ndarray:
    """For each tie the row of the person at this end in the main comparison; -1 for people outside it."""
    import numpy as np

    from commonbeat.datafile import category_column

    main = prepared.comparisons[0]
    found = category_column(file, column)
    assert main.trial.person is not None  # noqa: S101 - the caller looked
    place = {prepared.persons[code]: row for row, code in enumerate(main.trial.person)}
    rows = np.array([place.get(name, -1) for name in found.names] + [-1], dtype=np.int64)
    return rows[found.codes]


def _versions() -> dict[str, str]:
    """What made the numbers."""
    made = {"commonbeat": importlib.metadata.version("commonbeat"), "python": platform.python_version()}
    return made | {name: importlib.metadata.version(name) for name in LIBRARIES}
