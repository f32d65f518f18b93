"""The page of a pool: what the studies say together, how they differ, what tests that, and what was left out.

render_pool(gathered, account, claim)     one HTML text that needs no network and no second file
pool_pictures(gathered, account, claim)   its forest and its funnel
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from commonbeat.report.number import number, quoted
from commonbeat.report.page import environment, style
from commonbeat.report.pool_chart import pool_style, unit_name
from commonbeat.report.pool_forest import forest
from commonbeat.report.pool_funnel import funnel

if TYPE_CHECKING:
    from commonbeat.estimate.pool import Gathered, PoolAccount
    from commonbeat.estimate.row import Estimate
    from commonbeat.report.chart import Picture

LEAST_P = 0.001
ENOUGH_STUDIES = 10  # for a line through the funnel to say anything
TOO_FEW = "fewer than 10 studies: whether small studies report larger effects cannot be told, so no corrected effect is named here"


def source_of(gathered: Gathered) -> str:
    """The source as figures carry it: "card:E020, card:E021" or "data:trials.csv"."""
    words = gathered.source.replace(",", "").split()
    if gathered.sha256:
        return f"data:{gathered.source.replace(',', ' ').replace(':', ' ')}"
    return ", ".join(f"card:{name}" for name in words[1:])


def pool_pictures(gathered: Gathered, account: PoolAccount, claim: str) -> tuple[Picture, ...]:
    """The forest, and from two studies on the funnel."""
    given = (account, gathered.unit, claim, source_of(gathered))
    return (forest(*given), funnel(*given)) if account.studied.k > 1 else (forest(*given),)


class Pen:
    """Writes the figures of one page, each with the page's claim and source."""

    def __init__(self, gathered: Gathered, claim: str) -> None:
        self.claim, self.source, self.unit = claim, source_of(gathered), unit_name(gathered.unit)

    def figure(
        self, value: float | None, unit: str = "value", ends: tuple[float | None, float | None] = (None, None)
    ) -> Markup:
        """The figure, with its interval where both ends are known; "not known" where there is none."""
        if value is None:
            return Markup('<span class="strip none">not known</span>')
        low, high = ends
        return number(value, unit, self.claim, self.source, None if low is None or high is None else (low, high))

    def effect(self, row: Estimate) -> Markup:
        """An estimate with its interval, in the effects' unit."""
        return self.figure(row.estimate, self.unit, (row.ci_low, row.ci_high))

    def chance(self, value: float | None) -> Markup:
        """A p value to three decimals, never as zero."""
        if value is None:
            return self.figure(None)
        return self.words("below 0.001" if value < LEAST_P else f"{value:.3f}")

    def words(self, text: str) -> Markup:
        """Words that hold figures or names of somebody else."""
        return quoted(text, self.claim, self.source)


def render_pool(gathered: Gathered, account: PoolAccount, claim: str) -> str:
    """The whole page."""
    pen = Pen(gathered, claim)
    return (
        environment()
        .get_template("pool.html.j2")
        .render(
            style=style() + Markup(pool_style()),  # noqa: S704 - our own file
            pen=pen,
            gathered=gathered,
            account=account,
            main=account.main,
            answer=answer(account, pen),
            pictures=pool_pictures(gathered, account, claim),
            corrected=account.small_study.corrected if account.small_study and has_enough(account) else None,
            warnings=weaknesses(account),
        )
    )


def weaknesses(account: PoolAccount) -> list[str]:
    """What weakens the answer itself; what weakens another row stands beside that row."""
    found = list(account.main.row.warnings)
    if account.small_study is not None:
        found += account.small_study.corrected.warnings if has_enough(account) else (TOO_FEW,)
    for moderation in (account.groups, account.slope):
        found += () if moderation is None else moderation.warnings
    return list(dict.fromkeys(found))


def has_enough(account: PoolAccount) -> bool:
    """Whether there are studies enough for a correction of small-study bias to stand among the headline figures."""
    return account.studied.k >= ENOUGH_STUDIES


def answer(account: PoolAccount, pen: Pen) -> Markup:
    """The answer in a sentence: the average and its interval, and what the interval excludes."""
    row = account.main.row
    if account.studied.k == 1:
        return escape("One study only, so nothing is pooled: its effect is ") + pen.effect(row) + escape(".")
    if row.ci_low is None or row.ci_high is None:
        return escape("On average the effect is ") + pen.effect(row) + escape("; the method gives no interval.")
    if row.ci_low <= 0 <= row.ci_high:
        ending = "; these studies cannot say on which side of zero it lies."
    else:
        ending = "; an average effect of zero is outside the interval."
    return escape("On average the effect is ") + pen.effect(row) + escape(ending)
