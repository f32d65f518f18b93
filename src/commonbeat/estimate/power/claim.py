"""The design against the evidence cards of its claim: which of their effects could it see?"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.claims.findings import findings_from_evidence
from commonbeat.claims.status import counts
from commonbeat.estimate.power.closed import power_at
from commonbeat.estimate.power.comparison import compare
from commonbeat.estimate.power.fading import left_after
from commonbeat.estimate.power.result import CardSeen
from commonbeat.estimate.power.search import needed_units, smallest_effect
from commonbeat.evidence.estimates import ASSUMED_RELIABILITY, load_estimates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.claims.findings import Finding
    from commonbeat.estimate.power.dilution import Dilution
    from commonbeat.estimate.power.fading import Fading
    from commonbeat.estimate.power.model import PowerDesign

UNITS = ("d", "g", "SD", "raw SD of those reached")


def in_standard_deviations(finding: Finding) -> bool:
    """Whether a finding counts for its claim and gives an effect in SDs."""
    return counts(finding) and finding.estimate is not None and finding.unit in UNITS


def cards_of(design: PowerDesign) -> tuple[Finding, ...]:
    """The findings that the design is held against: its card, or all of its claim's that count and are in SDs."""
    own = [each for each in findings_from_evidence() if each.claim == design.claim and in_standard_deviations(each)]
    return tuple(each for each in own if design.card in (None, each.source))


def delay_of(card: str) -> float | None:
    """The days after which a card's effect was measured: the middle of its readings, or None where the ledger has none."""
    readings = [each for each in load_estimates() if card in each.cards and each.kind in ("effect", "null_with_n")]
    days = [each.delay_days + each.window_days / 2 for each in readings]
    return float(np.median(days)) if days else None


def per_true_sd(design: PowerDesign) -> float:
    """From the SD of a card's answers to the SD in which the design states effects.

    A design that states no reliability asks as the cards did; one that does is told in SDs of the true score, with the
    reliability of .8 that the ledger assumes of cards.
    """
    measure = design.measure
    stated = measure.reliability is not None or measure.items is not None
    return 1 / math.sqrt(ASSUMED_RELIABILITY) if stated else 1.0


def nearest_wave(design: PowerDesign, delay: float | None) -> int:
    """The wave whose delay is nearest to the card's; the first one where the card has none."""
    if delay is None:
        return 0
    return min(range(len(design.waves)), key=lambda place: abs(design.waves[place].delay_days - delay))


def carried(design: PowerDesign, delay: float | None, wave: int, faded: Fading) -> NDArray[np.float64]:
    """[draws]: the share of a card's effect that is left at the wave, never above 1: no effect is made larger than measured."""
    if delay is None:
        return np.ones(len(faded.told))
    then = left_after((delay,), outcome=design.outcome, experience=design.experience, seed=design.seed)[:, 0]
    return np.minimum(1.0, faded.left[:, wave] / then)


def with_left(diluted: Dilution, left: NDArray[np.float64]) -> Dilution:
    """The same dilution with another share of the effect left."""
    safe = np.where(diluted.left == 0, 1.0, diluted.left)
    return replace(diluted, factor=diluted.factor / safe * left, left=left)


def held_against(design: PowerDesign, finding: Finding, faded: Fading) -> CardSeen:
    """Whether the design sees the card's effect, in the largest of its treated arms."""
    arm = max(design.treated, key=lambda each: each.share)
    delay = delay_of(finding.source)
    wave = nearest_wave(design, delay)
    question = compare(design, arm, wave, design.planned_size, faded)
    own = with_left(question.dilution, carried(design, delay, wave, faded))
    as_carried, flat = (
        replace(question, dilution=own),
        replace(question, dilution=with_left(own, np.ones(len(own.left)))),
    )
    unit = per_true_sd(design)
    effect = (finding.estimate or 0.0) * unit
    power = power_at(as_carried, effect) if effect else design.comparison_level
    low = None if finding.low is None else max(finding.low, 0.0) * unit
    return CardSeen(
        card=finding.source,
        label=finding.label,
        published=finding.estimate or 0.0,
        low=finding.low,
        high=finding.high,
        delay_days=delay,
        wave_days=design.waves[wave].delay_days,
        effect=effect * float(own.left.mean()),
        smallest_effect=smallest_effect(flat, design.power),
        power=power,
        power_if_low=None if low is None else (power_at(as_carried, low) if low else design.comparison_level),
        needed=needed_units(design, arm, wave, effect, faded, own) if effect else math.inf,
        seen=power >= design.power,
    )


def verdict(design: PowerDesign, cards: tuple[CardSeen, ...], faded: Fading) -> str:
    """One sentence: can this design see what its claim's cards found?"""
    unseen, seen = [each for each in cards if not each.seen], [each for each in cards if each.seen]
    smallest, wave_days = smallest_at_wave(design, (unseen or seen or [None])[0], faded)
    percent = f"{design.power:.0%}".replace("%", " %")
    least = (
        f"the smallest effect that it sees with {percent} power is {smallest:.2f} SD on somebody reached, {_when(wave_days)}"
        if math.isfinite(smallest)
        else f"no effect of whatever size would be seen with {percent} power, {_when(wave_days)}"
    )
    if not cards:
        return f"No checked card of {design.claim} gives an effect in SDs to hold this design against; {least}."
    if not unseen:
        return f"This design can see the effect of {_named(design, seen)}; {least}{_if_low(design, seen)}."
    ending = f"{least}, and {_price(design, unseen)}"
    if seen:
        return f"This design can see the effect of {_named(design, seen)} but not that of {_named(design, unseen)}: {ending}{_if_low(design, seen)}."
    return f"This design cannot see the effect of {_named(design, unseen)}: {ending}."


def smallest_at_wave(design: PowerDesign, card: CardSeen | None, faded: Fading) -> tuple[float, float]:
    """The smallest effect still there at the card's wave (or the first) that is seen, and that wave's delay."""
    if card is not None:
        return card.smallest_effect, card.wave_days
    arm = max(design.treated, key=lambda each: each.share)
    question = compare(design, arm, 0, design.planned_size, faded)
    flat = with_left(question.dilution, np.ones(len(question.dilution.left)))
    return smallest_effect(replace(question, dilution=flat), design.power), design.waves[0].delay_days


def _named(design: PowerDesign, cards: list[CardSeen]) -> str:
    words = [f"{each.card} ({each.effect:.2f} SD)" for each in cards]
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"{design.claim}'s {'card' if len(words) == 1 else 'cards'} {listed}"


def _if_low(design: PowerDesign, seen: list[CardSeen]) -> str:
    """What becomes of the power where a card's effect is as small as its own interval allows; empty where it stays high enough."""
    words = [
        f"{each.power_if_low:.0%} for {each.card}".replace("%", " %")
        for each in seen
        if each.power_if_low is not None and each.power_if_low < design.power
    ]
    return (
        f"; were the effect at the low end of its interval, the power would be {' and '.join(words)}" if words else ""
    )


def _price(design: PowerDesign, unseen: list[CardSeen]) -> str:
    """What the largest of the unseen effects would take; the smaller ones take more."""
    units = "clusters" if design.clustered else "people"
    nearest = min(unseen, key=lambda each: each.needed)
    if math.isinf(nearest.needed):
        return f"no number of {units} is enough"
    more = {0: "", 1: ", the other more"}.get(len(unseen) - 1, ", the others more")
    return f"{nearest.card} would take {nearest.needed:,.0f} {units}{more}"


def _when(days: float) -> str:
    return "at once" if days == 0 else f"{days:g} {'day' if days == 1 else 'days'} later"
