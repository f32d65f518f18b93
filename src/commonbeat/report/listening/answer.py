"""What a study's first effect says, and what its interval allows to be said: what it excludes, never more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.listen.results.names import plainly
from commonbeat.report.number import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.listen.results.shown import Figure, ShownEffect


def answer_sentences(effects: Sequence[ShownEffect]) -> tuple[str, ...]:
    """The answer of the first declared effect, its interval, its claim, and how the others stand; () where none was declared.

    The same sentences serve whichever way the effect goes; an interval that includes zero is not called "no effect".
    """
    if not effects:
        return ()
    main = effects[0]
    if main.figure.mean is None:
        return (f"The effect on {about(main)} is hidden: it would rest on too few people.",)
    found = [_statement(main, main.figure), _excluded(main), _of_the_claim(main), _others(effects)]
    return tuple(sentence for sentence in found if sentence)


def about(effect: ShownEffect) -> str:
    """What an effect is on and of whom, in words."""
    on = f"{effect.construct} ({plainly(effect.wave)})"
    return f"{on} of “{plainly(effect.arm)}” against “{plainly(effect.against)}”" if effect.arm else on


def _statement(effect: ShownEffect, figure: Figure) -> str:
    """Who scored how much higher or lower than whom."""
    mean, (low, high) = figure.mean or 0.0, figure.interval or (0.0, 0.0)
    on = f"On {effect.construct} ({plainly(effect.wave)})"
    if not effect.arm:
        ends = f"{written(low, figure.places, '+')} to {written(high, figure.places, '+')}"
        return f"{on}, one more step on the question about police stops goes with {written(mean, figure.places, '+')} ({ends}) points of 100 in the same person."
    whom = (
        f"people who were drawn to “{plainly(effect.arm)}”, compared with those drawn to “{plainly(effect.against)}”,"
    )
    if effect.side == "open":
        ends = f"{written(low, figure.places, '+')} to {written(high, figure.places, '+')}"
        return f"{on}, {whom} differ by {written(mean, figure.places, '+')} ({ends}) points of 100: higher, lower or the same, these data cannot say which."
    near, far = sorted((abs(low), abs(high)))
    size = f"{written(abs(mean), figure.places)} ({written(near, figure.places)} to {written(far, figure.places)})"
    if low < 0 < high:
        size = f"{written(abs(mean), figure.places)} ({written(low, figure.places, '+')} to {written(high, figure.places, '+')})"
    return f"{on}, {whom} stand {size} points of 100 {'higher' if mean >= 0 else 'lower'}."


def _excluded(effect: ShownEffect) -> str:
    """What the interval excludes on either side."""
    low, high = effect.figure.interval or (0.0, 0.0)
    ends = [written(abs(end), effect.figure.places) for end in (low, high)]
    if effect.side != "open" and low <= 0 <= high:
        return "The 95 % interval excludes zero before it is rounded, as everything here is."
    if effect.side == "open" and not low <= 0 <= high:
        return "The 95 % interval includes zero before it is rounded, as everything here is."
    if low <= 0 <= high:
        return f"The 95 % interval includes zero. It excludes a rise of more than {ends[1]} and a fall of more than {ends[0]} points."
    return f"The 95 % interval excludes zero. It also excludes effects of less than {ends[low < 0]} and of more than {ends[low > 0]} points."


def _of_the_claim(effect: ShownEffect) -> str:
    """Which side of its claim the effect is on; one study moves a claim by the written rule only."""
    if effect.claim is None:
        return ""
    if effect.side in ("gain", "harm"):
        side = "on the side of" if effect.side == "gain" else "on the side against"
        return f"That is {side} claim {effect.claim}. One study alone does not settle a claim."
    return f"It settles claim {effect.claim} neither way."


def _others(effects: Sequence[ShownEffect]) -> str:
    """How many of the declared effects stand clear of zero, so that one of many is not read as the only one."""
    told = [each for each in effects if each.figure.mean is not None]
    if len(effects) < 2:
        return ""
    clear = sum(each.side != "open" for each in told)
    hidden = f" {len(effects) - len(told)} are hidden." if len(told) < len(effects) else ""
    return f"Of {len(effects)} declared effects {clear or 'none'} {'has' if clear == 1 else 'have'} an interval without zero; more effects, more chances of that by luck.{hidden}"
