"""What the page tells, and how a figure of it is printed: with the claim that it speaks to and the study it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from commonbeat.report.listening.figure import HIDDEN
from commonbeat.report.number import number, quoted
from commonbeat.report.study.study import NO_CLAIM

if TYPE_CHECKING:
    from commonbeat.listen.results.names import Names
    from commonbeat.listen.results.response import Grouping, Response
    from commonbeat.listen.results.shown import Figure, ShownChange, ShownEffect, ShownScore
    from commonbeat.listen.study.model import StudyDesign


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A study's results as the page has them: only what anybody may read."""

    study: StudyDesign
    names: Names
    response: Response
    scores: tuple[ShownScore, ...]
    changes: tuple[ShownChange, ...] = ()
    effects: tuple[ShownEffect, ...] = ()
    remarks: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Where every figure of the page is from."""
        return f"study:{self.study.identifier}"

    @property
    def title(self) -> str:
        """The study's title in its first language."""
        return self.study.title.get(self.study.languages[0], self.study.identifier)

    @property
    def scales(self) -> tuple[tuple[str, tuple[ShownScore, ...]], ...]:
        """The scores by scale, in the order of asking."""
        names = dict.fromkeys(row.scale for row in self.scores)
        return tuple((name, tuple(row for row in self.scores if row.scale == name)) for name in names)

    @property
    def control(self) -> str:
        """The arm that others are compared with; "" where none are."""
        return next((each.against for each in self.effects if each.against), "")

    @property
    def treated(self) -> tuple[str, ...]:
        """The arms that are compared with it, each once."""
        return tuple(dict.fromkeys(each.arm for each in self.effects if each.arm))

    def people(self, column: str, grouping: Grouping | None = None, group: str = "all") -> Markup:
        """A count, or the one word that stands for every figure that is hidden."""
        count = self.response.people(column, grouping, group)
        return _hidden() if count is None else number(count, "count", NO_CLAIM, self.source)

    def share(self, value: float | None) -> Markup:
        """A share in per cent, or a word."""
        if value is None:
            return Markup('<span class="note">{}</span>').format("not shown")
        return number(value, "percent", NO_CLAIM, self.source)

    def score(self, row: ShownScore) -> Markup:
        """A mean with its interval."""
        return self._figure(row.figure, "size", row.claim or NO_CLAIM)

    def change(self, row: ShownChange | ShownEffect) -> Markup:
        """A change or an effect with its interval."""
        return self._figure(row.figure, "effect", NO_CLAIM)

    def rests_on(self, figure: Figure) -> Markup:
        """On how many people a figure rests."""
        return _hidden() if figure.people is None else number(figure.people, "count", NO_CLAIM, self.source)

    def reliability(self, row: ShownScore) -> Markup:
        """Alpha, and omega where there is one."""
        if row.alpha is None:
            return Markup('<span class="note">{}</span>').format("one item, or too few")
        parts = [number(row.alpha, "mean", row.claim or NO_CLAIM, self.source)]
        if row.omega is not None:
            parts.append(number(row.omega, "mean", row.claim or NO_CLAIM, self.source))
        return Markup(" / ").join(parts)

    def words(self, text: str) -> Markup:
        """Words of the study; where they hold figures, their source goes with them."""
        return quoted(text, NO_CLAIM, self.source) if any(letter.isdigit() for letter in text) else escape(text)

    def _figure(self, figure: Figure, unit: str, claim: str) -> Markup:
        if figure.mean is None or figure.interval is None:
            return _hidden()
        return number(figure.mean, unit, claim, self.source, figure.interval, figure.places)


def _hidden() -> Markup:
    return Markup('<span class="note">{}</span>').format(HIDDEN)
