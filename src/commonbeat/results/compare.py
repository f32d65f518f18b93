"""Two runs side by side: what they say differently, and what was different in them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from commonbeat.errors import Mistake, RunFolderError
from commonbeat.results.measures.intervals import interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from commonbeat.results.run_folder import Run

# Differ between any two runs, or follow from another entry, and so explain nothing.
_NO_CAUSE = frozenset({"tables", "content_hash", "written", "scenario_hash", "arms"})
_KEYS = ["arm", "group", "outcome"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The effects of two runs at one day and the entries in which they differ.

    `effects`: one row per arm, group and outcome of both: low, median and high (5, 50, 95 %) of the first and the
    second run, and five points of the difference, second less first. `differences`: place, entry, first, second. `fitted`: for each run
    whose parameters were drawn from a fit, what they were fitted to.
    """

    day: int
    paired_draws: int
    pairing: str
    effects: pl.DataFrame
    differences: pl.DataFrame
    fitted: tuple[str, ...] = ()


def compare_runs(first: Run, second: Run, day: int | None = None) -> Comparison:
    """The comparison at `day`, or at the last day that both runs have.

    When every draw of the shorter run has the same number and luck in the other, draws are subtracted in pairs and
    luck that both shared cancels. Otherwise every draw of one is set against every draw of the other, which is
    the distribution of the difference of two runs that know nothing of each other. Raises RunFolderError when
    the runs share no day, or no arm, group and outcome.
    """
    day = _shared_day(first, second, day)
    shared = _shared_draws(first, second)
    shorter = min(first.table("draws").height, second.table("draws").height)
    pairs = shared if len(shared) == shorter else None
    effects = _effects(_at(first, day), _at(second, day), pairs)
    if not effects.height:
        raise RunFolderError(
            "The runs cannot be compared:",
            [
                Mistake(
                    f"{first.folder} and {second.folder}",
                    None,
                    "share no arm, group and outcome",
                    "Compare runs of the same scenario, or of one that keeps the names of its arms.",
                )
            ],
        )
    pairing = (
        f"{len(shared)} draws share their luck and were subtracted in pairs"
        if pairs is not None
        else "the draws do not share their luck; every draw of one was set against every draw of the other"
    )
    fitted = tuple(
        f"Parameters of the {which} run: {words}"
        for which, run in (("first", first), ("second", second))
        if (words := fitted_to(run.manifest))
    )
    paired = len(shared) if pairs is not None else 0
    return Comparison(day, paired, pairing, effects, _differences(first, second), fitted)


def fitted_to(manifest: Mapping[str, Any]) -> str:
    """What a run's parameters were fitted to, in words; "" when they were drawn from their priors."""
    about = manifest.get("priors")
    if not isinstance(about, dict):
        return ""
    targets = "; ".join(about.get("fitted_to") or ["not known"])
    return f"{len(about['parameters'])} drawn from a priors file ({about['sha256'][:12]}) that was fitted to: {targets}"


def _shared_day(first: Run, second: Run, day: int | None) -> int:
    days = set(first.scan("daily").select("day").unique().collect()["day"]) & set(
        second.scan("daily").select("day").unique().collect()["day"]
    )
    if not days or (day is not None and day not in days):
        raise RunFolderError(
            "The runs cannot be compared:",
            [Mistake("day", day, "is not a day of both runs", f"Both reach day {max(days, default=None)}.")],
        )
    return max(days) if day is None else day


def _shared_draws(first: Run, second: Run) -> list[int]:
    columns = ["draw", "luck_seed"]
    return (
        first.table("draws").select(columns).join(second.table("draws").select(columns), on=columns)["draw"].to_list()
    )


def _at(run: Run, day: int) -> pl.DataFrame:
    return run.scan("daily").filter(pl.col("day") == day).select(*_KEYS, "draw", "effect").collect().sort("draw")


def _effects(first: pl.DataFrame, second: pl.DataFrame, pairs: list[int] | None) -> pl.DataFrame:
    others = dict(second.group_by(_KEYS, maintain_order=True))
    rows = []
    for keys, table in first.group_by(_KEYS, maintain_order=True):
        if keys not in others:
            continue
        one, two = (side["effect"].to_numpy() for side in (table, others[keys]))
        row: dict[str, object] = dict(zip(_KEYS, keys, strict=True))
        for name, values in (("first", one), ("second", two)):
            points = interval(values)
            row |= {f"{name}_low": points.low, f"{name}_median": points.median, f"{name}_high": points.high}
        if pairs is None:
            difference = (two[None, :] - one[:, None]).ravel()
        else:
            difference = np.subtract(
                *(side.filter(pl.col("draw").is_in(pairs))["effect"].to_numpy() for side in (others[keys], table))
            )
        points = interval(difference)
        rows.append(row | {f"difference_{name}": getattr(points, name) for name in points.__slots__})
    return pl.DataFrame(rows)


def _differences(first: Run, second: Run) -> pl.DataFrame:
    rows = []
    for place, one, two in (
        ("scenario", _scenario(first), _scenario(second)),
        ("manifest", _causes(first.manifest), _causes(second.manifest)),
    ):
        flat_one, flat_two = dict(_flat(one)), dict(_flat(two))
        rows += [
            (place, entry, flat_one.get(entry), flat_two.get(entry))
            for entry in sorted({*flat_one, *flat_two})
            if flat_one.get(entry) != flat_two.get(entry)
        ]
    return pl.DataFrame(rows, orient="row", schema=dict.fromkeys(("place", "entry", "first", "second"), pl.String))


def _scenario(run: Run) -> dict[str, Any]:
    try:
        return tomllib.loads(run.scenario_text)
    except tomllib.TOMLDecodeError as error:
        raise RunFolderError(
            "The runs cannot be compared:",
            [Mistake(str(run.folder / "scenario.toml"), None, f"is not TOML ({error})", "Run it again.")],
        ) from error


def _causes(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in manifest.items() if name not in _NO_CAUSE}


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf with its dotted place; entries of a list go by their name where they have one, else by number."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value):
            name = inner.get("name", number) if isinstance(inner, dict) else number
            yield from _flat(inner, f"{place}[{name}]")
    else:
        yield place, str(value)
