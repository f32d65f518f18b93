"""A file of shares becomes a forecast: read, fitted, saved whole, and told on a page."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.workflows.narrator import Silence

if TYPE_CHECKING:
    from commonbeat.fit.growth.clip_fit import Ahead, ClipFit, Spread
    from commonbeat.fit.growth.reading import Asked
    from commonbeat.workflows.narrator import Narrator

PAGE, DOCUMENT, TABLE, PARAMETERS = "clip.html", "forecast.json", "forecast.csv", "parameters.csv"


@dataclass(frozen=True, slots=True)
class ClipResult:
    """The fit of a clip and where it stands: a folder, or None when none was asked for."""

    fit: ClipFit
    folder: Path | None

    def document(self) -> dict[str, Any]:
        """Everything but the pictured curves, as plain values, for JSON."""
        return document(self.fit)


def fit_clip(
    path: str | Path,
    asked: Asked | None = None,
    *,
    out: str | Path | None = None,
    seed: int = 1,
    narrator: Narrator | None = None,
) -> ClipResult:
    """How far the clip whose shares stand in the file will go; with `out`, a folder holds it all.

    Raises:
        DataFileError: with everything that is wrong with the file and the options. RunFolderError: something stands at `out`. WriteError: the disk
            refused.
    """
    from commonbeat.fit.growth.clip_fit import fit_clip as fitted
    from commonbeat.fit.growth.reading import read_share_log
    from commonbeat.results.disk import refuse_existing

    narrator = narrator or Silence()
    folder = None if out is None else Path(out)
    if folder is not None:
        refuse_existing(folder)
    read = read_share_log(path, asked)
    narrator.says(f"{read.log.shares:,} shares in {read.log.observed / 3600:.1f} hours are fitted")
    fit = fitted(read, Path(path).name, seed=seed)
    if folder is not None:
        save(fit, folder)
    return ClipResult(fit, folder)


def save(fit: ClipFit, folder: Path) -> None:
    """The folder holds the forecast as JSON, as a table and as a page, and the parameters; whole, or it is not there."""
    from commonbeat.report.clip_growth import render_clip
    from commonbeat.results.disk import whole_folder

    files = {
        DOCUMENT: json.dumps(document(fit), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        TABLE: forecast_table(fit),
        PARAMETERS: parameter_table(fit),
        PAGE: render_clip(fit),
    }
    with whole_folder(folder) as draft:
        for name, content in files.items():
            (draft / name).write_text(content, encoding="utf-8")


def document(fit: ClipFit) -> dict[str, Any]:
    """The fit as plain values."""
    return {
        "file": fit.name,
        "shares": fit.shares,
        "reach": fit.reach,
        "observed_hours": round(fit.observed_hours, 4),
        "horizon_hours": round(fit.horizon_hours, 4),
        "forecast": _plain(fit.end),
        "marks": [_plain(each) for each in fit.marks],
        "steps": [_plain(each) for each in fit.ahead],
        "parameters": [each._asdict() for each in fit.traits],
        "groups": [each._asdict() for each in fit.groups],
        "uses": {"followers": fit.uses_followers, "time_of_day": fit.uses_clock},
        "smaller_than_learnt": fit.smaller_than_learnt,
        "repairs": list(fit.repairs),
        "cautions": list(fit.cautions),
    }


def _plain(row: Ahead) -> dict[str, Any]:
    return {
        "hours": round(row.hours, 4),
        "shares": _spread(row.shares),
        "reach": None if row.reach is None else _spread(row.reach),
        "came": row.came,
    }


def _spread(values: Spread) -> dict[str, float]:
    ends = values._asdict()
    return {name: round(value, 1) for name, value in ends.items()}


def forecast_table(fit: ClipFit) -> str:
    """One row per age: shares in all and followers of all sharers, each with 50 % and 90 % intervals; and what came, where the log tells."""
    kinds = ("low_90", "low_50", "median", "high_50", "high_90")
    heads = ["hours", *(f"shares_{kind}" for kind in kinds), *(f"reach_{kind}" for kind in kinds), "shares_came"]
    rows = [
        [f"{each.hours:.4f}", *_cells(each.shares), *_cells(each.reach), "" if each.came is None else each.came]
        for each in fit.ahead
    ]
    return _table(heads, rows)


def _cells(values: Spread | None) -> list[str]:
    return [""] * 5 if values is None else [f"{each:.0f}" for each in values]


def parameter_table(fit: ClipFit) -> str:
    """One row per parameter."""
    rows = [
        [each.name, *("" if value is None else f"{value:.6g}" for value in each[1:4]), each.unit, each.meaning]
        for each in fit.traits
    ]
    return _table(["parameter", "value", "low_90", "high_90", "unit", "meaning"], rows)


def _table(heads: list[str], rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, *rows])
    return text.getvalue()
