"""What the finished draws of a run that is still under way say so far: the effect of each arm, day by day.

Reads the folder of finished draws and changes nothing in it: the worker that fills it is at work. A draw is reduced
to a few dozen days as it is first read, and then kept, so that looking again costs what the new draws cost.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from commonbeat.results.run_folder import Run

FEWEST_FOR_BANDS: Final = (
    10  # below it the ends of "nine in ten draws" would be made up: each draw is a line of its own
)
MOST_READ: Final = 400
DAYS_SHOWN: Final = 60
OUTCOMES: Final = ("trust", "cooperation", "prejudice", "reform", "regard")
EVERYBODY: Final = "All residents"
KEPT_DRAWS: Final = 2_000
COLUMNS: Final = ("draw", "arm", "group", "outcome", "day", "effect")
_DRAW: Final = re.compile(r"draw-\d{6,}\.zip")


@dataclass(frozen=True, slots=True)
class ArmSoFar:
    """The effect of one arm. bands: day, median, low, lower, upper, high; empty below FEWEST_FOR_BANDS. lines: (day, effect) per draw."""

    name: str
    bands: pl.DataFrame | None
    lines: tuple[tuple[tuple[int, float], ...], ...]


@dataclass(frozen=True, slots=True)
class SoFar:
    """All arms but the reference, for one group and outcome. draws: on how many this rests; finished: how many there are."""

    draws: int
    finished: int
    group: str
    outcome: str
    groups: tuple[str, ...]
    outcomes: tuple[str, ...]
    arms: tuple[ArmSoFar, ...]


def so_far(partial: Path, reference: str, *, group: str = "", outcome: str = "") -> SoFar | None:
    """What the draws in the folder `partial` say, or None before the first. An unknown group or outcome is replaced by the usual one."""
    import polars as pl

    finished = sorted(path for path in _listed(partial) if _DRAW.fullmatch(path.name))
    frames = [frame for path in finished[:MOST_READ] if (frame := _daily_of(path)) is not None]
    if not frames:
        return None
    return _told(pl.concat(frames), (len(frames), len(finished)), reference, (group, outcome))


def of_run(run: Run, *, group: str = "", outcome: str = "") -> SoFar:
    """What all draws of a whole run say, in the same form."""
    import polars as pl

    daily = run.scan("daily").select(COLUMNS)
    last = run.manifest["days"]
    step = max(1, -(-last // DAYS_SHOWN))
    some = daily.filter((pl.col("day") % step == 0) | (pl.col("day") == last)).collect()
    draws = run.manifest["draws"]
    return _told(some, (draws, draws), run.manifest["reference"], (group, outcome))


def last_day(run: Run, found: SoFar) -> list[dict[str, Any]]:
    """One row per arm but the reference, for the group and outcome of `found` on the last day: see `results.measures.effects_at`."""
    import polars as pl

    from commonbeat.results.measures import effects_at

    rows = run.scan("daily").filter(pl.col("group") == found.group, pl.col("outcome") == found.outcome)
    return effects_at(rows.filter(pl.col("arm") != run.manifest["reference"])).to_dicts()


def _told(rows: pl.DataFrame, draws: tuple[int, int], reference: str, asked: tuple[str, str]) -> SoFar:
    """What the rows say of the group and outcome that were asked for, or of the usual ones. draws: (shown, finished)."""
    import polars as pl

    groups = tuple(rows["group"].unique(maintain_order=True))
    group = asked[0] if asked[0] in groups else EVERYBODY if EVERYBODY in groups else groups[0]
    there = set(rows.filter(pl.col("group") == group)["outcome"].unique())
    outcomes = tuple(each for each in OUTCOMES if each in there)
    outcome = asked[1] if asked[1] in outcomes else outcomes[0]
    kept = rows.filter(pl.col("group") == group, pl.col("outcome") == outcome, pl.col("arm") != reference)
    return SoFar(*draws, group, outcome, groups, outcomes, _arms(kept, draws[0]))


def _arms(rows: pl.DataFrame, draws: int) -> tuple[ArmSoFar, ...]:
    import polars as pl

    from commonbeat.results.measures import effects_over_year

    if rows.is_empty():
        return ()
    bands = effects_over_year(rows) if draws >= FEWEST_FOR_BANDS else None
    return tuple(
        ArmSoFar(
            name,
            None if bands is None else bands.filter(pl.col("arm") == name),
            () if bands is not None else _lines(rows.filter(pl.col("arm") == name)),
        )
        for name in rows["arm"].unique(maintain_order=True)
    )


def _lines(rows: pl.DataFrame) -> tuple[tuple[tuple[int, float], ...], ...]:
    parts: Sequence[pl.DataFrame] = rows.sort("draw", "day").partition_by("draw", maintain_order=True)
    return tuple(tuple(part.select("day", "effect").iter_rows()) for part in parts)


def _listed(partial: Path) -> list[Path]:
    try:
        return list(partial.iterdir())
    except OSError:  # not begun, or whole and put away meanwhile
        return []


def _daily_of(path: Path) -> pl.DataFrame | None:
    """The draw's daily effects on some days, or None for what is gone or damaged: the worker does that draw again."""
    try:
        return _read(str(path), path.stat().st_mtime_ns)
    except (OSError, KeyError, zipfile.BadZipFile, ValueError):
        return None


@lru_cache(maxsize=KEPT_DRAWS)
def _read(path: str, _written: int) -> pl.DataFrame:
    import polars as pl

    with zipfile.ZipFile(path) as members:
        daily = pl.read_ipc(io.BytesIO(members.read("daily.arrow")))
    last = int(daily["day"].max())  # type: ignore[arg-type]
    step = max(1, -(-last // DAYS_SHOWN))
    some = daily.filter((pl.col("day") % step == 0) | (pl.col("day") == last))
    return some.select(COLUMNS)
