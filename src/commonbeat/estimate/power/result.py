"""What a power study says, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.estimate.power.model import PowerDesign


@dataclass(frozen=True, slots=True)
class Point:
    """Power at one sample size: by formula and by simulated trials.

    units: clusters, or people assigned alone, in all arms. people: assigned in all arms. closed: by formula. simulated: the share
    of `trials` that saw the effect, with its Monte Carlo error; low, high: what 95 % cannot rule out, whenever one stopped.
    side: above or below the wanted power where that was clear, else empty.
    """

    arm: str
    delay_days: float
    units: int
    people: int
    closed: float
    simulated: float
    error: float
    low: float
    high: float
    trials: int
    side: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the planned sample can see of one arm in one wave.

    effect: assumed, true SD, on somebody reached, at the moment itself. difference: what is left of it between the arms, SDs of
    the answers. power_low, power_high: at the 5 % and 95 % points of what the evidence leaves of an effect. smallest_effect,
    smallest_difference: seen with the wanted power, as effect and as difference, by formula; smallest_simulated: the effect in
    simulated trials, with its Monte Carlo error. needed: units in all arms for the wanted power,
    by Student's t; needed_normal: by the normal; inf where no number is enough.
    """

    arm: str
    delay_days: float
    effect: float
    difference: float
    left: float
    left_low: float
    left_high: float
    power: float
    power_low: float
    power_high: float
    smallest_effect: float
    smallest_simulated: float
    smallest_error: float
    smallest_difference: float
    needed: float
    needed_normal: float
    people_answering: float
    design_effect: float
    df: float


@dataclass(frozen=True, slots=True)
class CardSeen:
    """Whether the design sees the effect of one evidence card of its claim, at the wave nearest to the card's delay.

    published: as the card has it, SD of its answers. effect: carried to the wave, the fading that lies between included, but
    never made larger than it was measured; in true SD where the design states its reliability. low, high: the ends of the
    card's interval, carried likewise.
    """

    card: str
    label: str
    published: float
    low: float | None
    high: float | None
    delay_days: float | None
    wave_days: float
    effect: float
    smallest_effect: float
    power: float
    power_if_low: float | None
    needed: float
    seen: bool


@dataclass(frozen=True, slots=True)
class SocietyPoint:
    """The trial drawn on the simulator's people.

    power: share of trials that saw the effect; clean: had the comparison arm neither heard nor seen anything. error, low, high as
    in Point, over draws. effect_treated, effect_control: what the trial did to people assigned to each, true SD, above 0
    favourable; heard, saw: shares of the comparison arm; shrunk: the share of the difference that contamination takes.
    """

    arm: str
    delay_days: float
    units: int
    people: int
    power: float
    error: float
    low: float
    high: float
    clean: float
    clean_error: float
    effect_treated: float
    effect_control: float
    shrunk: float
    heard: float
    saw: float
    draws: int
    trials: int
    side: str


@dataclass(frozen=True, slots=True)
class PowerStudy:
    """Everything that a design was asked; `complete` is False when it was stopped before the end."""

    design: PowerDesign
    verdict: str
    assumed: str
    answers: tuple[Answer, ...]
    cards: tuple[CardSeen, ...]
    curve: tuple[Point, ...]
    society: tuple[SocietyPoint, ...]
    warnings: tuple[str, ...]
    complete: bool
