"""Made-up analyses in which time does the comparing, and one whose outcomes are called by whole questions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from commonbeat.estimate.analysis import Curve, DataAccount, Section
from commonbeat.estimate.row import Estimate
from commonbeat.estimate.sections.places import HANGS
from tests.report.analyses import analysis, arms, design, row, weekly

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import Analysis

ONE_PLACE = "One place before and after: whatever else began then is in the estimate too."
OUTLYING = "2024-02-19 lies +14.7 standard deviations from what the series led to expect."
ON_ONE = "The finding hangs on a single week: without 2024-02-19 it is gone."
GONE = "without 2024-02-19 it is gone or turned round"
WEEKLY = "interrupted series, autoregressive errors (REML)"
QUESTION = "Please tell us on a scale from zero to one hundred how far you personally trust the police in your own street_wave_two"


def series(effect: float = 4.5, *, periods: str = GONE, **changes: Any) -> Analysis:
    """A series with an outlying week, on which its finding hangs; `periods` says what becomes of it, "" that nothing does."""
    warnings = (ONE_PLACE, OUTLYING, ON_ONE) if periods else (ONE_PLACE, OUTLYING)
    level = row("change of level at the start: calls", effect, 1.6, n=156, method=WEEKLY).with_warnings(*warnings)
    slope = row("change of slope per week: calls", -0.1, 0.1, n=156, method=WEEKLY).with_warnings(
        ONE_PLACE, "Its own warning."
    )
    placebo = Curve("placebo", "Placebo starts", "weeks from the event", "t ratio", (-2.0, -1.0, 0.0), (0.1, 0.2, 2.8))
    said = (f"{HANGS}: {periods}.",) if periods else ("No single period decides it.",)
    section = Section(
        "interrupted-series",
        "Before and after in the place itself: calls",
        "Did the series change?",
        (level, slope),
        (ONE_PLACE, OUTLYING, "A note of its own."),
        (weekly(), placebo),
        said,
    )
    keys = {
        "design": over_time(),
        "arms": (),
        "by_group": (),
        "primary": (level,),
        "sections": (section,),
        "weaknesses": (*warnings, "1 column was read as text."),
        "would_change": said,
    }
    return analysis(**{**keys, **changes})


def over_time(**changes: Any):
    """The design of a study of one series."""
    keys = {
        "title": "Calls",
        "outcome": "calls",
        "claim": "C7",
        "favourable": "higher",
        "series": {"time": "week", "start": 61},
    }
    arms = ("treatment", "control", "treated", "cluster", "by", "baseline", "assignment")
    return design(**{**dict.fromkeys(arms), **keys, **changes})


def questioned() -> Analysis:
    """A series of answers to a very long question, in a study with a very long title."""
    found = series()
    named = [replace(each, estimand=each.estimand.replace("calls", QUESTION)) for each in found.rows()]
    curves = tuple(
        replace(curve, title=f"{QUESTION}: what was seen, and what was expected without the event", y_label=QUESTION)
        for curve in found.sections[0].curves
    )
    section = replace(found.sections[0], title=f"Before and after: {QUESTION}", rows=tuple(named), curves=curves)
    return replace(
        found,
        design=over_time(
            title="A title that goes on and on, " * 8, outcome=QUESTION, population="All adults in town " * 12
        ),
        primary=(named[0],),
        sections=(section,),
    )


def grouped(count: int = 3, p_value: float | None = 0.333) -> Analysis:
    """A trial whose only outcome is called by a question, in points of 100, with `count` groups and the test of one effect in all."""
    main = row(f"intention to treat: {QUESTION}", 2.726, 2.5)
    groups = tuple(
        row(f"intention to treat: {QUESTION}, place = district {place}", 9.533 - place, 6.4, n=47)
        for place in range(count)
    )
    test = Estimate(
        f"same effect in all groups: {QUESTION}, by place", None, None, 26.0, None, None, p_value, 240, 40, "Hotelling"
    )
    return analysis(
        design=design(outcome=QUESTION),
        arms=arms(QUESTION, 52.0, 20.0),
        primary=(main,),
        by_group=groups,
        sections=(Section("groups", "For whom: by place", "For whom?", (*groups, test)),),
        data=DataAccount("q.csv", "ab" * 32, 240, 240, (), ("3 rows are alike",)),
        weaknesses=("3 rows are alike.",),
    )
