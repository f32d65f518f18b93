"""Questions to panels, roll-outs and series: studies in which time does the comparing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.panel import compare_panel, difference_in_differences
from commonbeat.estimate.rollout import staggered_rollout
from commonbeat.estimate.series import interrupted_series, synthetic_control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.panel import PanelData, TwoByTwo
    from commonbeat.estimate.rollout import RolloutData, RolloutResult
    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.series import PlaceSeries, SeriesData, SeriesResult, SyntheticResult

    Answered = tuple[tuple[Section, ...], tuple[Estimate, ...]]

NOT_GROUPED = (
    "No interval: the design names neither places nor people (cluster, or before_after.unit), and whatever else happened in a place between the "
    "two times would pass for an effect. Name what took it up as a whole."
)
HANGS = "The finding hangs on single periods"
BEFORE_LEVEL = 0.1  # a difference before the start is worth a sentence sooner than an effect is


def panel_sections(panels: Sequence[PanelData]) -> Answered:
    """Within people and across people, side by side; primary is the change within."""
    results = [compare_panel(panel) for panel in panels]
    question = "When the same person's exposure changes, does the outcome change; and how do the exposed differ from the others?"
    section = Section(
        "answer",
        "Within people and across people",
        question,
        tuple(row for result in results for row in result.rows),
        tuple(dict.fromkeys(warning for result in results for warning in result.warnings)),
    )
    return (section,), tuple(result.rows[0] for result in results)


def before_after_sections(tables: Sequence[TwoByTwo]) -> Answered:
    """The difference between two differences, one row per outcome."""
    rows = tuple(_certain_where_it_can_be(difference_in_differences(table), table) for table in tables)
    question = "How much more did the outcome change where it came than where it did not?"
    notes = ("This is an effect if both groups would have moved in parallel, which two points in time cannot show.",)
    return (Section("answer", "Differences in differences", question, rows, notes),), rows


def _certain_where_it_can_be(row: Estimate, table: TwoByTwo) -> Estimate:
    """The row; without an interval where nobody said what took it up as a whole, as shocks to a place pass for effects then."""
    if table.cluster is not None or table.unit is not None:
        return row
    bare = replace(row, std_error=None, df=None, ci_low=None, ci_high=None, p_value=None)
    return bare.with_warnings(NOT_GROUPED)


def rollout_sections(rollouts: Sequence[RolloutData]) -> Answered:
    """Effects of a staggered start: overall, by time since the start, by cohort and by period."""
    sections: list[Section] = []
    primary = []
    for data in rollouts:
        found = staggered_rollout(data)
        primary.append(found.overall[0])
        before = (found.before,) if found.before is not None else ()
        name = data.outcome_name
        question = "Where the programme had begun, how much higher was the outcome than it would have been?"
        since = "How did the effect grow or fade; and was there a difference before the start, where none should be?"
        sections += [
            Section(
                "answer",
                f"The roll-out: {name}",
                question,
                found.overall,
                found.warnings,
                (found.curve,),
                _before_the_start(found),
            ),
            Section(
                "time-since-start", f"By time since the start: {name}", since, (*before, *found.by_time_since_start)
            ),
            Section(
                "cohorts", f"By start and by period: {name}", "Who began when?", (*found.by_cohort, *found.by_period)
            ),
            Section(
                "group-time",
                f"Each cohort in each period: {name}",
                "What are all of these means made of?",
                found.group_time,
            ),
        ]
    return tuple(sections), tuple(primary)


def series_sections(alone: Sequence[SeriesData], places: Sequence[PlaceSeries]) -> Answered:
    """The place's own series before and after; where there are other places, its synthetic twin, which is then primary."""
    sections: list[Section] = []
    primary: list[Estimate] = []
    for series in places:
        found = synthetic_control(series)
        primary.append(found.mean_gap)
        in_time = (found.in_time,) if found.in_time is not None else ()
        weights = tuple(f"{place}: weight {weight:.2f}" for place, weight in found.weights if weight >= 0.005)
        sections.append(
            Section(
                "synthetic-control",
                f"Against a twin made of other places: {series.outcome_name}",
                "Did the place part from the mixture of other places that had followed it before?",
                (found.mean_gap, found.ratio, *in_time, *found.without_donor),
                (*found.warnings, *weights),
                found.curves,
                _other_places(found),
            )
        )
    for series in alone:
        found = interrupted_series(series)
        if not places:
            primary.append(found.rows[0])
        placebo = (found.placebo,) if found.placebo is not None else ()
        sections.append(
            Section(
                "interrupted-series",
                f"Before and after in the place itself: {series.outcome_name}",
                "Did the series change its level or its slope, and does one period carry it?",
                (*found.rows, *found.newey_west, *placebo, *found.without),
                found.warnings,
                found.curves,
                _single_periods(found),
            )
        )
    return tuple(sections), tuple(primary)


def _single_periods(found: SeriesResult) -> tuple[str, ...]:
    """What the series says with each period left out in turn."""
    if found.deciding_periods:
        return (f"{HANGS}: without {', '.join(found.deciding_periods)} it is gone or turned round.",)
    if found.hiding_periods:
        return (f"Without {', '.join(found.hiding_periods)} there would be a finding where there is none.",)
    return ("No single period decides it: with each one left out in turn the answer stays.",)


def _other_places(found: SyntheticResult) -> tuple[str, ...]:
    """How the answer moves without each donor, and how unusual it is among them."""
    known = [row.estimate for row in found.without_donor if row.estimate is not None]
    span = (
        (f"With one place of the twin left out, the mean gap lies between {min(known):.3g} and {max(known):.3g}.",)
        if known
        else ()
    )
    if found.ratio.p_value is None:
        return span
    return (*span, f"Of all places, a share of {found.ratio.p_value:.2f} parted from their own twins as much or more.")


def _before_the_start(found: RolloutResult) -> tuple[str, ...]:
    """What the time before the start says about the comparison."""
    if found.before is None or found.before.p_value is None:
        return ("Nothing can be tested before the start: that the places would have moved in parallel is assumed.",)
    if found.before.p_value < BEFORE_LEVEL:
        return (
            f"The places differed before the start already (p = {found.before.p_value:.3f}): the effect may be more of the same.",
        )
    return (
        f"No difference was found before the start (p = {found.before.p_value:.2f}), which does not show that there was none.",
    )
