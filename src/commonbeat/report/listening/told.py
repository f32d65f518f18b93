"""What the page tells, and how a figure of it is printed: with the claim that it speaks to and the study it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from commonbeat.report.number import number, quoted
from commonbeat.report.study.study import NO_CLAIM

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import Analysis
    from commonbeat.estimate.row import Estimate
    from commonbeat.listen.results.response import Grouping, Response
    from commonbeat.listen.results.score_row import ScoreRow
    from commonbeat.listen.study.model import StudyDesign

HIDDEN: Final = "hidden"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A study's results as the page has them; analysis: None where no effect was estimated."""

    study: StudyDesign
    response: Response
    scores: tuple[ScoreRow, ...]
    changes: tuple[Estimate, ...]
    analysis: Analysis | None
    remarks: tuple[str, ...]

    @property
    def source(self) -> str:
        """Where every figure of the page is from."""
        return f"study:{self.study.identifier}"

    @property
    def title(self) -> str:
        """The study's title in its first language."""
        return self.study.title.get(self.study.languages[0], self.study.identifier)

    @property
    def scales(self) -> tuple[tuple[str, tuple[ScoreRow, ...]], ...]:
        """The scores by scale, in the order of asking."""
        names = dict.fromkeys(row.scale for row in self.scores)
        return tuple((name, tuple(row for row in self.scores if row.scale == name)) for name in names)

    def people(self, column: str, grouping: Grouping | None = None, group: str = "all") -> Markup:
        """A count, or the one word that stands for every count that is hidden."""
        count = self.response.people(column, grouping, group)
        if count is None:
            return Markup('<span class="note">{}</span>').format(HIDDEN)
        return number(count, "count", NO_CLAIM, self.source)

    def share(self, value: float | None) -> Markup:
        """A share in per cent, or a word."""
        if value is None:
            return Markup('<span class="note">{}</span>').format("not shown")
        return number(value, "percent", NO_CLAIM, self.source)

    def score(self, row: ScoreRow) -> Markup:
        """A mean with its interval."""
        if row.mean is None or row.low is None or row.high is None:
            return Markup('<span class="note">{}</span>').format(HIDDEN)
        return number(row.mean, "size", row.claim or NO_CLAIM, self.source, (row.low, row.high))

    def reliability(self, row: ScoreRow) -> Markup:
        """Alpha, and omega where there is one."""
        if row.alpha is None:
            return Markup('<span class="note">{}</span>').format("one item, or too few")
        parts = [number(row.alpha, "mean", row.claim or NO_CLAIM, self.source)]
        if row.omega is not None:
            parts.append(number(row.omega, "mean", row.claim or NO_CLAIM, self.source))
        return Markup(" / ").join(parts)

    def change(self, row: Estimate) -> Markup:
        """A change over time with its interval."""
        if row.estimate is None:
            return Markup('<span class="note">{}</span>').format(HIDDEN)
        ends = None if row.ci_low is None or row.ci_high is None else (row.ci_low, row.ci_high)
        return number(row.estimate, "effect", NO_CLAIM, self.source, ends)

    def words(self, text: str) -> Markup:
        """Words of the study; where they hold figures, their source goes with them."""
        return quoted(text, NO_CLAIM, self.source) if any(letter.isdigit() for letter in text) else escape(text)


def plainly(name: str) -> str:
    """A name of the study's file as words."""
    return name.replace("_", " ")
