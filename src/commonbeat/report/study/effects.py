"""Dot-and-interval rows: the primary estimates, and the groups worst-off first, on rulers that tell the truth about units.

Outcomes on different scales may not share a ruler in their own units. Where the control arm's SD of each is known they share one
in SDs; else each outcome has a ruler of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from commonbeat.estimate.trial import SMALLEST_CELL
from commonbeat.report.chart import linear
from commonbeat.report.number import decimals
from commonbeat.report.strip import EDGE, Ruler
from commonbeat.report.study.answer import ASSIGNED, capital

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.estimate.row import Estimate
    from commonbeat.report.study.study import Study


NEARLY_ONE_SD = 0.05  # an outcome whose SD is this near to one is already in SDs
SAME_IN_ALL = "same effect in all groups"
STEPS = (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its words, its mark, and the figures beside it; places: their decimals, None for those of its own interval."""

    label: str
    row: Estimate
    mark: Markup
    note: str = ""
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows that share a ruler."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    foot: Markup
    scales: Mapping[str, float]

    @property
    def methods(self) -> str:
        """How the rows came about, each way once."""
        return "; ".join(dict.fromkeys(line.row.method for line in self.lines))

    def factor(self, study: Study, line: Line) -> float:
        """What turns the row's own unit into the ruler's."""
        return self.scales.get(study.topic(line.row).outcome, 1.0)


def primary_panels(study: Study) -> tuple[Panel, ...]:
    """The primary estimates on one ruler, or on one for each outcome."""
    rows = study.analysis.primary
    outcomes = list(dict.fromkeys(study.topic(row).outcome for row in rows))
    if len(outcomes) == 1:
        return (panel(study, rows, "", own_unit(study, outcomes[0])),)
    if all(study.spread(outcome) for outcome in outcomes):
        scales = {outcome: 1 / (study.spread(outcome) or 1.0) for outcome in outcomes}
        return (panel(study, rows, "", "drawn in SDs of the control arm", scales),)
    split = {outcome: [row for row in rows if study.topic(row).outcome == outcome] for outcome in outcomes}
    return tuple(panel(study, held, outcome, own_unit(study, outcome)) for outcome, held in split.items())


def group_panel(study: Study) -> Panel | None:
    """The pre-declared groups, worst-off first, as the analysis ordered them."""
    rows = study.analysis.by_group
    if not rows:
        return None
    found = panel(study, rows, "", own_unit(study, study.topic(rows[0]).outcome))
    places = beside_main(study, rows[0])
    return replace(found, lines=tuple(replace(line, places=places) for line in found.lines))


def own_unit(study: Study, outcome: str) -> str:
    """The unit's words: the outcome's own."""
    return f"drawn in the unit of {study.brief(outcome).replace('_', ' ')}" if outcome in study.design.outcome else ""


def panel(
    study: Study, rows: Sequence[Estimate], title: str, unit: str, scales: Mapping[str, float] | None = None
) -> Panel:
    """Rows under one ruler; `scales` turn each outcome's unit into the ruler's."""
    factors = [(scales or {}).get(study.topic(row).outcome, 1.0) for row in rows]
    limit = max((far(row) * factor for row, factor in zip(rows, factors, strict=True)), default=0.0)
    limit = round_limit(limit)
    word = "SD of control" if scales else "effect"
    ruler = Ruler(linear(-limit, limit, EDGE, 100 - EDGE), (-limit, -limit / 2, 0.0, limit / 2, limit), word)
    lines = tuple(
        Line(label(study, row, rows), row, strip(study, row, ruler, factor), note(study, row))
        for row, factor in zip(rows, factors, strict=True)
    )
    return Panel(title, unit, lines, ruler.foot(study.name, study.source), scales or {})


def round_limit(value: float) -> float:
    """The next round value at or above `value`, in finer steps than pictures of many sizes need."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in STEPS if step * power >= value * 0.999)


def far(row: Estimate) -> float:
    """The largest distance from zero that a row reaches."""
    return max((abs(value) for value in (row.estimate, row.ci_low, row.ci_high) if value is not None), default=0.0)


def label(study: Study, row: Estimate, rows: Sequence[Estimate]) -> str:
    """What parts this row from its neighbours: the words that they do not all share."""
    topics = [study.topic(each) for each in rows]
    own = study.topic(row)
    if own.kind != ASSIGNED:
        return capital(study.brief(row.estimand))
    parts = []
    if len({topic.outcome for topic in topics}) > 1 or not own.rest:
        parts.append(study.brief(own.outcome).replace("_", " "))
    parts.append(own.rest)
    words = ": ".join(part for part in parts if part) or study.brief(row.estimand)
    return words if "=" in words else capital(words)


def note(study: Study, row: Estimate) -> str:
    """How many people, and why a row is not shown."""
    if row.estimate is None:
        return row.warnings[0] if row.warnings else f"fewer than {SMALLEST_CELL} respondents"
    people = f"{row.n:,} people" if study.design.treatment else f"{row.n:,} rows"
    return people if row.clusters is None else f"{people} in {row.clusters:,} clusters"


def strip(study: Study, row: Estimate, ruler: Ruler, factor: float = 1.0) -> Markup:
    """One row's picture; what it shows is also its text alternative."""
    if row.estimate is None:
        return Markup('<span class="strip none"></span>')
    words = f"{row.estimand}: {study.spelt(row)}"
    zero, dot = ruler.place(0.0), ruler.place(row.estimate * factor)
    interval = ""
    if row.ci_low is not None and row.ci_high is not None:
        low, high = ruler.place(row.ci_low * factor), ruler.place(row.ci_high * factor)
        interval = f'<line x1="{low:.1f}%" x2="{high:.1f}%" y1="12" y2="12" class="wide"/>'
        interval += "".join(f'<line x1="{x:.1f}%" x2="{x:.1f}%" y1="8" y2="16" class="wide"/>' for x in (low, high))
    return Markup(  # noqa: S704 - every part is a number, our own, or escaped
        f'<svg class="strip {study.kind(row)}" width="100%" height="24" role="img" aria-label="{escape(words)}" '
        f'data-claim="{escape(study.name)}" data-source="{escape(study.source)}">'
        f'<line x1="{zero:.1f}%" x2="{zero:.1f}%" y1="0" y2="24" class="zero"/>{interval}'
        f'<circle cx="{dot:.1f}%" cy="12" r="5" class="middle"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class Card:
    """The figure of a card, and beside it the same in the outcome's own unit where the figure is in SDs."""

    figure: Markup
    raw: Markup | None


def card(study: Study, row: Estimate, main: Estimate) -> Card:
    """A row in SDs of the control arm where those are known, with as many decimals as the main estimate has."""
    raw = study.effect(row, beside_main(study, row))
    spread = study.spread(study.topic(row).outcome)
    if row.estimate is None or spread is None or abs(spread - 1) < NEARLY_ONE_SD:
        return Card(raw, None)
    ends = None if row.ci_low is None or row.ci_high is None else (row.ci_low / spread, row.ci_high / spread)
    places = width_decimals(main, spread) if study.topic(main).outcome == study.topic(row).outcome else None
    return Card(study.figure(row.estimate / spread, "SD of control", ends, places), raw)


def beside_main(study: Study, row: Estimate) -> int | None:
    """The decimals of the main estimate, where the row is about the same outcome and in its unit."""
    main = study.analysis.primary[0] if study.analysis.primary else None
    same = main is not None and study.topic(main).outcome == study.topic(row).outcome
    return width_decimals(main) if main is not None and same else None


def width_decimals(row: Estimate, spread: float = 1.0) -> int | None:
    """The decimals that show two digits of half the row's interval, in units of `spread`."""
    if row.ci_low is None or row.ci_high is None or row.ci_high <= row.ci_low:
        return None
    return decimals([(row.ci_high - row.ci_low) / 2 / spread])


def group_tests(study: Study) -> tuple[tuple[Estimate, str], ...]:
    """The tests of one effect in all groups, each with what it says in words."""
    rows = (row for row in study.analysis.rows() if row.estimand.startswith(SAME_IN_ALL))
    return tuple((row, verdict(study, row)) for row in dict.fromkeys(rows))


def verdict(study: Study, row: Estimate) -> str:
    """What a test of one effect in all groups says, and what it does not."""
    if row.p_value is None:
        return "Whether the groups differ in effect could not be tested."
    if row.p_value < study.design.level:
        return "The groups differ in effect by more than chance explains."
    return "That the groups differ in effect is not shown; nor is it shown that they do not."
