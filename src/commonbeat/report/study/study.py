"""One analysis, ready to be asked by the page: whose claim it is, which way is better, what a row is about.

Every figure of the page is printed through `figure` or `words`, which bring the claim and the data file along.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from commonbeat.estimate.trial import SMALLEST_CELL
from commonbeat.report.number import number, quoted, spell
from commonbeat.report.study.naming import short_names, told_briefly

if TYPE_CHECKING:
    from commonbeat.claims import Claim
    from commonbeat.estimate.analysis import Analysis, ArmAccount
    from commonbeat.estimate.row import Estimate

NO_CLAIM = "no claim"
SMALLEST_P = 0.001
FEW = f"under {SMALLEST_CELL}"
UNSIGNED = (
    "share",
    "reliability",
    "E-value",
    "people",
    "take-up",
    "breakdown",
    "leverage",
    "ratio",
)  # no changes, so no plus


@dataclass(frozen=True, slots=True)
class Topic:
    """What a row is about: the kind of effect, the outcome, and what else its estimand says."""

    kind: str
    outcome: str
    rest: str


class Study:
    """An analysis with the words and colours of its page."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.design = analysis.design
        self.name = analysis.design.claim or NO_CLAIM
        # A comma and a space part sources from each other, so they may not stand inside one.
        self.source = f"data: {analysis.data.name.replace(', ', ' ')}"

    @cached_property
    def claim(self) -> Claim | None:
        """The claim that the study speaks to."""
        from commonbeat.claims import load_claims

        return next((claim for claim in load_claims() if claim.id == self.design.claim), None)

    @property
    def title(self) -> str:
        """The study's name, or the name of its data."""
        return self.design.title or self.analysis.data.name

    @cached_property
    def short(self) -> dict[str, str]:
        """What outcomes with overlong names are called in captions."""
        return short_names(self.design.outcome)

    def brief(self, text: str) -> str:
        """The text with overlong names of outcomes cut."""
        return told_briefly(text, self.short)

    @property
    def level(self) -> str:
        """How much of the time such intervals hold the truth: "95 %"."""
        return f"{100 * (1 - self.design.level):g} %"

    @property
    def favourable(self) -> str | None:
        """Which values of the main outcome favour the claim, by the rule of its findings; None without a claim or a word on it."""
        from commonbeat.estimate.sections import direction_of

        if self.design.favourable is None and self.design.claim is None:
            return None
        return direction_of(self.design).favourable

    def topic(self, row: Estimate) -> Topic:
        """The parts of the row's estimand; the longest outcome that fits is the one meant."""
        kind, colon, about = row.estimand.partition(": ")
        if not colon:
            return Topic("", "", row.estimand)
        for outcome in sorted(self.design.outcome, key=len, reverse=True):
            if about == outcome or about.startswith((f"{outcome}, ", f"{outcome} ")):
                return Topic(kind, outcome, about[len(outcome) :].lstrip(", "))
        return Topic(kind, "", about)

    def kind(self, row: Estimate) -> str:
        """The class of a row's mark. Only of the main outcome does the design say which side is better.

        A finding that is gone without a single period is as open as one whose interval holds zero.
        """
        if not is_clear(row) or self.hangs(row):
            return "open"
        if self.favourable is None or self.topic(row).outcome != self.design.outcome[0]:
            return "known"
        return "gain" if ((row.ci_low or 0.0) > 0) == (self.favourable == "higher") else "harm"

    def hangs(self, row: Estimate) -> str:
        """What becomes of a row's finding without single periods, in words; "" where none decides or there is no finding."""
        from commonbeat.estimate.sections.places import HANGS

        if not is_clear(row):
            return ""
        held = [section for section in self.analysis.sections if row in section.rows]
        said = (sentence for section in held for sentence in section.would_change if sentence.startswith(HANGS))
        return next((sentence.removeprefix(HANGS).lstrip(": ").rstrip(".") for sentence in said), "")

    def arm(self, outcome: str) -> ArmAccount | None:
        """The control arm's account of an outcome: the first arm named for it."""
        return next((arm for arm in self.analysis.arms if arm.outcome == outcome), None)

    def spread(self, outcome: str) -> float | None:
        """The outcome's SD in the control arm, where it is known and above zero."""
        arm = self.arm(outcome)
        return arm.sd if arm is not None and arm.sd is not None and arm.sd > 0 else None

    def figure(
        self,
        value: float | None,
        unit: str,
        interval: tuple[float | None, float | None] | None = None,
        places: int | None = None,
    ) -> Markup:
        """A figure with claim and source, or a word where the method gives none; places: the decimals of what it stands beside."""
        if value is None:
            return Markup('<span class="note">not given</span>')
        low, high = interval or (None, None)
        ends = None if low is None or high is None else (low, high)
        return number(value, unit, self.name, self.source, ends, places)

    def effect(self, row: Estimate, places: int | None = None) -> Markup:
        """A row's estimate with its interval; the interval alone, or a word, where the method gives no more."""
        unit = "value" if self.topic(row).kind.startswith(UNSIGNED) else "effect"
        if row.estimate is not None:
            return self.figure(row.estimate, unit, (row.ci_low, row.ci_high), places)
        if row.ci_low is not None and row.ci_high is not None:
            return Markup("{} to {}").format(self.figure(row.ci_low, unit), self.figure(row.ci_high, unit))
        words = "a test" if row.p_value is not None else "not shown"
        return Markup('<span class="note">{}</span>').format(words)

    def spelt(self, row: Estimate) -> str:
        """A row's estimate with its interval, as plain words."""
        if row.estimate is None:
            return "not shown"
        ends = None if row.ci_low is None or row.ci_high is None else (row.ci_low, row.ci_high)
        return spell(row.estimate, "effect", ends)

    def people(self, count: int | None) -> Markup:
        """How many there are; of a few respondents only that they are few."""
        if count is not None and 0 < count < SMALLEST_CELL:
            return self.words(FEW)
        return self.figure(count, "count")

    def chance(self, row: Estimate) -> Markup:
        """A row's p value; a very small one is only said to be small."""
        if row.p_value is not None and row.p_value < SMALLEST_P:
            return self.words(f"below {SMALLEST_P}")
        return self.figure(row.p_value, "p value")

    def words(self, text: str) -> Markup:
        """Words of the analysis; where they hold figures, claim and source go with them."""
        return quoted(text, self.name, self.source) if any(letter.isdigit() for letter in text) else escape(text)


def is_clear(row: Estimate) -> bool:
    """Whether a row has an interval and zero lies outside it."""
    return row.ci_low is not None and row.ci_high is not None and not row.ci_low <= 0 <= row.ci_high
