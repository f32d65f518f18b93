"""A study's figures in the form that a fit of the simulator takes: means of residents wave by wave, or the clip's effect on those who watched it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.score_row import ScoreRow

COLUMNS: Final[tuple[str, ...]] = (
    "kind",
    "arm",
    "group",
    "ring",
    "outcome",
    "day",
    "estimate",
    "std_error",
    "unit",
    "sd",
    "reliability",
    "n",
)
OFFICERS, WATCHED, EVERYBODY = "Officers", "watched", "All"
FIRST_DAY = 1  # what is watched on day 0 is in the levels from day 1 on


@dataclass(frozen=True, slots=True)
class ArmEffect:
    """A clip's effect in points of 100 against the control arm, with the SD of the control arm's answers. reliability: None where not known."""

    outcome: str
    wave: str
    estimate: float
    std_error: float
    sd: float
    reliability: float | None
    n: int


def survey_rows(collected: Collected, scores: Sequence[ScoreRow], arm: str, group: str) -> list[dict[str, object]]:
    """One row per simulated outcome and wave: the first scale asked that measures it. Hidden cells are left out.

    arm: of the scenario, the one that took place. group: of the scenario's society, for residents; officers' own outcome is of officers.
    """
    rows, taken = [], set()
    for each in scores:
        key = (each.outcome, each.wave)
        if each.outcome is None or each.mean is None or not each.std_error or key in taken:
            continue
        taken.add(key)
        rows.append(
            {
                "kind": "survey_mean",
                "arm": arm,
                "group": OFFICERS if each.outcome == "regard" else group,
                "outcome": each.outcome,
                "day": collected.study.wave(each.wave).day,
                "estimate": round(each.mean, 3),
                "std_error": round(each.std_error, 4),
                "unit": "points",
                "sd": round(each.sd, 3) if each.sd is not None else "",
                "reliability": _reliability(each.alpha),
                "n": each.n,
            }
        )
    return rows


def effect_rows(collected: Collected, effects: Iterable[ArmEffect], arm: str) -> list[dict[str, object]]:
    """One row per simulated outcome and wave: what the clip did to those who watched it."""
    rows, taken = [], set()
    for each in effects:
        day = max(FIRST_DAY, collected.study.wave(each.wave).day)
        if (each.outcome, day) in taken or not each.std_error > 0:
            continue
        taken.add((each.outcome, day))
        rows.append(
            {
                "kind": "effect",
                "arm": arm,
                "group": EVERYBODY,
                "ring": WATCHED,
                "outcome": each.outcome,
                "day": day,
                "estimate": round(each.estimate, 3),
                "std_error": round(each.std_error, 4),
                "unit": "points",
                "sd": round(each.sd, 3),
                "reliability": _reliability(each.reliability),
                "n": each.n,
            }
        )
    return rows


def targets_bytes(rows: Sequence[dict[str, object]]) -> bytes:
    """The rows as the CSV that `commonbeat fit --targets` reads."""
    content = io.StringIO()
    writer: csv.DictWriter[str] = csv.DictWriter(content, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue().encode()


def _reliability(alpha: float | None) -> float | str:
    """As a target has it: above 0 and at most 1, or empty, and then the fit says what it assumed."""
    return round(alpha, 3) if alpha is not None and 0 < alpha <= 1 else ""
