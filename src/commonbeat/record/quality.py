"""How much of the usual dose one recorded encounter is, by a written rule, with a wide interval.

    t = (mean - neutral) / (scale_high - neutral)   where mean >= neutral, else (mean - neutral) / (neutral - scale_low)
    quality = (1 + w (t / t0 - 1)) exp(e)
    w ~ uniform(0, 1), t0 ~ uniform(.3, .8), e ~ normal(0, ln 2 / 1.645), t ~ normal(its mean, its error)

No card links how an encounter was rated to what it changed, so all of it is assumed: w = 0 says that ratings tell
nothing, w = 1 that the effect is proportional to the tone; t0 is the tone of the contacts that the cards measured. With
no rating, t is left out and quality is exp(e): centred on 1, from .5 to 2 with 90 %. An encounter that felt worse than
neutral to any of those present who are no officers, or that was enforcement, is no positive encounter and is refused as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.errors import Mistake, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from commonbeat.record.encounter import Encounter
    from commonbeat.record.parts import Rating

REST_SD: Final = 0.4214  # ln 2 / 1.645: half to twice the usual dose, with 90 %
USUAL_TONE: Final = (0.3, 0.8)
SCALE_ERROR: Final = 0.15  # in t: what one scale's middle and end are worth on another; assumed
UNKNOWN_SD: Final = 0.5  # in t: of single answers, where nobody wrote it down; assumed
PERCENTS: Final = 99
ENFORCEMENT: Final = ("search", "citation", "arrest", "force", "injury")
USE_NEGATIVE: Final = 'Take it into a scenario as an event of kind "stop", "harassment" or "gun_pointed".'


@dataclass(frozen=True, slots=True)
class Quality:
    """The factor on the dose of an encounter: its middle and 90 % interval, and where they come from.

    low, middle, high: the 5th, 50th and 95th percentile. percentiles: the 1st to the 99th. refusal: why it cannot be
    used as a positive encounter, "" when it can. reasons: one sentence each, for people. Always assumed.
    """

    low: float
    middle: float
    high: float
    percentiles: tuple[float, ...]
    reasons: tuple[str, ...]
    refusal: str = ""

    def at(self, share: float) -> float:
        """The value below which this share of the distribution lies, between the 1st and the 99th percentile."""
        import numpy as np

        return float(np.interp(100 * share, range(1, PERCENTS + 1), self.percentiles))

    def require_positive(self, identifier: str) -> None:
        """It can be used as a positive encounter, or RecordError says why not and what to do."""
        if self.refusal:
            mistake = Mistake(identifier, None, self.refusal, USE_NEGATIVE)
            raise RecordError("This record is no positive encounter:", [mistake])


def quality_of(encounter: Encounter) -> Quality:
    """The factor on the dose that the record's answers and coding give by the rule above."""
    views = tuple(_views(encounter))
    reasons = ["assumed: no card links ratings of an encounter to what it changed"]
    tone, error = _together(views)
    if tone is None:
        reasons.append("nobody's judgement of the tone is known: centred on 1, from half to twice the usual dose")
    else:
        reasons += [f"{view.words}: tone {view.tone:+.2f} (-1 worst, 0 neutral, 1 best)" for view in views]
        reasons.append(f"tone taken together {tone:+.2f}, standard error {error:.2f}")
    reasons += _left_out(encounter)
    percentiles = _percentiles(tone, error)
    return Quality(
        low=percentiles[4],
        middle=percentiles[49],
        high=percentiles[94],
        percentiles=percentiles,
        reasons=tuple(reasons),
        refusal=_refusal(encounter, views, tone),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """One side's judgement: its tone from -1 to 1, its standard error, and who they are."""

    present: bool
    tone: float
    error: float
    words: str


def _views(encounter: Encounter) -> Iterator[_View]:
    """The judgements that count: of those who were joined, and of coders; not the officers' own, nor unconfirmed ones."""
    unconfirmed = encounter.unconfirmed()
    for name, present in (("by_those_present", True), ("by_coders", False)):
        for row, rating in enumerate(getattr(encounter.tone, name) or (), start=1):
            place = f"tone.{name}.{row}"
            doubted = any(f"{place}.".startswith(f"{each}.") or each.startswith(f"{place}.") for each in unconfirmed)
            if not doubted and not (present and rating.judged_by == "officer"):
                who = f"{rating.n} {'present' if present else 'coding'} ({rating.judged_by or 'role unknown'})"
                yield _View(present, *_tone(rating), who)


def _tone(rating: Rating) -> tuple[float, float]:
    """The mean answer from -1 (worst) over 0 (neutral) to 1 (best), and its standard error."""
    above = rating.mean >= rating.neutral
    span = rating.scale_high - rating.neutral if above else rating.neutral - rating.scale_low
    tone = (rating.mean - rating.neutral) / span if span > 0 else 0.0
    sd = UNKNOWN_SD if rating.sd is None or rating.n == 1 or span <= 0 else rating.sd / span
    return tone, (sd**2 / rating.n + SCALE_ERROR**2) ** 0.5


def _together(views: tuple[_View, ...]) -> tuple[float | None, float]:
    """Both sides weigh the same, and half of what parts them is added to the error."""
    sides = [
        side for side in (_mean([v for v in views if v.present]), _mean([v for v in views if not v.present])) if side
    ]
    if not sides:
        return None, 0.0
    tone = sum(each[0] for each in sides) / len(sides)
    apart = (sides[0][0] - sides[-1][0]) / 2
    return tone, (sum(each[1] ** 2 for each in sides) / len(sides) ** 2 + apart**2) ** 0.5


def _mean(views: list[_View]) -> tuple[float, float] | None:
    """The mean of one side's rows; their errors are not taken for independent."""
    if not views:
        return None
    return sum(view.tone for view in views) / len(views), sum(view.error for view in views) / len(views)


def _left_out(encounter: Encounter) -> Iterator[str]:
    if any(each.judged_by == "officer" for each in encounter.tone.by_those_present or ()):
        yield "the officers' own judgement is not used"
    if any(place.startswith("tone") for place in encounter.unconfirmed()):
        yield "ratings that nobody confirmed are not used"
    if encounter.course.could_leave is False:
        yield "those who were joined could not leave, which ratings by them may hide"
    if "complaint" in (encounter.after.followed or ()):
        yield "a complaint followed"


def _refusal(encounter: Encounter, views: tuple[_View, ...], tone: float | None) -> str:
    """Why it is no positive encounter; "" when it may be one."""
    enforced = [word for word in ENFORCEMENT if word in (encounter.after.followed or ())]
    if enforced:
        return f"was enforcement: {', '.join(enforced)} followed"
    if encounter.course.began_as in ("stop", "search"):
        return f"began as a {encounter.course.began_as}, and cards measure those as such"
    below = [view.words for view in views if view.present and view.tone < 0]
    if below:
        return f"felt worse than neutral to {'; '.join(below)}"
    return "felt worse than neutral" if tone is not None and tone < 0 else ""


def _percentiles(tone: float | None, error: float) -> tuple[float, ...]:
    """The 1st to the 99th percentile, on an even grid of what is uncertain: no luck is needed."""
    import numpy as np

    rest = np.exp(REST_SD * _normal(61))
    if tone is None:  # nothing else widens it, so its ends need a finer grid
        factor, rest = np.ones(1), np.exp(REST_SD * _normal(5001))
    else:
        weight, usual = _even(0.0, 1.0), _even(*USUAL_TONE)
        judged = tone + error * _normal(31)
        factor = 1 + weight[:, None, None] * (judged[None, None, :] / usual[None, :, None] - 1)
    found = np.percentile(np.multiply.outer(factor.ravel(), rest), range(1, PERCENTS + 1))
    return tuple(round(float(each), 4) for each in found)


def _even(low: float, high: float, count: int = 21) -> NDArray[np.float64]:
    """The middles of equal parts of an interval."""
    import numpy as np

    return low + (np.arange(count) + 0.5) * (high - low) / count


def _normal(count: int) -> NDArray[np.float64]:
    """The middles of equal shares of a standard normal distribution."""
    from statistics import NormalDist

    import numpy as np

    return np.array([NormalDist().inv_cdf(each) for each in _even(0.0, 1.0, count)])
