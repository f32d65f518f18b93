"""Effects from a data file: one row for each effect, with its standard error."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.datafile import DataFile, category_column, numeric_column, read_data_file
from commonbeat.errors import DataFileError, Mistakes
from commonbeat.estimate.pool.gathered import Gathered
from commonbeat.estimate.pool.sample import HEADING, sample_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MOST_GROUPS = 0.5  # of the rows; a column with more values than that names studies, not groups
WAY_OUT = "Mend it, or empty the cell: its row is left out and counted."
EMPTY_CODES = "empty such cells: their rows are left out and counted"


def sample_of_file(
    path: str | Path,
    *,
    effect: str,
    std_error: str,
    group: str | None = None,
    study: str | None = None,
    label: str | None = None,
    moderator: str | None = None,
) -> Gathered:
    """The rows of a file that have an effect and a standard error.

    effect, std_error: columns. group: the column with subgroups. study: whose effect it is, where a study has several. label: words for tables;
    left out, the first column of text. moderator: a column of numbers. Raises DataFileError with everything that is wrong.
    """
    data = read_data_file(path)
    mistakes = Mistakes()
    given = {"effect": effect, "se": std_error, "group": group, "study": study, "label": label, "moderator": moderator}
    data.check_columns([(name, column) for name, column in given.items() if column is not None], mistakes)
    if effect == std_error:
        mistakes.add("se", std_error, "is also the effect", "Name the column with the standard errors.")
    mistakes.raise_if_any(DataFileError, HEADING)
    effects, errors = (_numbers(data, column, mistakes) for column in (effect, std_error))
    numbers = None if moderator is None else _numbers(data, moderator, mistakes)
    groups = () if group is None else _words(data, group)
    if group is not None and len(set(groups)) > max(2, MOST_GROUPS * data.rows):
        mistakes.add("group", group, f"has {len(set(groups))} values in {data.rows} rows", "Name a column with fewer.")
    mistakes.raise_if_any(DataFileError, HEADING)
    labels, warnings = _labels(data, label, study, used=[each for each in given.values() if each])
    studies = () if study is None else _named(_words(data, study), labels)
    sample, gone = sample_of(effects, errors, labels=labels, studies=studies, groups=groups, place=data.name)
    if numbers is not None:
        numbers = numbers[~(np.isnan(effects) | np.isnan(errors))]
        if np.isnan(numbers).any():
            warnings.append(
                f"{int(np.isnan(numbers).sum())} effects have no {moderator}: the slope on it is not estimated"
            )
            numbers = None
    told = (remark.told(EMPTY_CODES) for remark in data.remarks)
    return Gathered(sample, data.name, "", gone, (*told, *warnings), numbers, data.sha256)


def _numbers(data: DataFile, column: str, mistakes: Mistakes) -> NDArray[np.float64]:
    found = numeric_column(data, column, missing=("NA", "NaN", ".", ""))
    found.tell(data, column, mistakes, way_out=WAY_OUT)
    return found.values


def _words(data: DataFile, column: str) -> tuple[str, ...]:
    found = category_column(data, column, missing=("NA", ""))
    return tuple(found.names[code] if code >= 0 else "" for code in found.codes)


def _named(studies: tuple[str, ...], labels: tuple[str, ...]) -> tuple[str, ...]:
    """An effect whose study is not known is a study of its own."""
    return tuple(
        study or f"{label} (row {row + 1})" for row, (study, label) in enumerate(zip(studies, labels, strict=True))
    )


def _labels(
    data: DataFile, column: str | None, study: str | None, *, used: list[str]
) -> tuple[tuple[str, ...], list[str]]:
    """Words for each row, and a warning where they repeat although nobody said which effects belong together."""
    import polars as pl

    texts = [name for name in data.frame.columns if data.frame[name].dtype == pl.String and name not in used]
    chosen = column or next(iter(texts), study)
    if chosen is None:
        return tuple(f"row {row}" for row in data.row_numbers), []
    words = _words(data, chosen)
    named = tuple(word or f"row {row}" for word, row in zip(words, data.row_numbers, strict=True))
    repeated = [word for word, count in Counter(words).items() if word and count > 1]
    if study is not None or not repeated:
        return named, []
    names = ", ".join(repeated[:5])
    return named, [
        f"{chosen} repeats ({names}): if these are effects of one study they are not independent; name the study's column (study)"
    ]
