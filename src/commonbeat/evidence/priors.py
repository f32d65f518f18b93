"""Drawing parameters from their priors, and saying what those priors are.

A draw is addressed by (seed, draw, name): it depends neither on how many draws are made nor on what else is drawn.
Leaving cards out remakes the priors that rest on them; a band confines a prior to a span of its own quantiles. The
parts of a block are drawn as one sample, so what trades off in the evidence trades off in the draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.special import ndtr, ndtri

from commonbeat.errors import LedgerError, Mistakes, did_you_mean
from commonbeat.evidence.cards import load_cards
from commonbeat.evidence.estimates import load_estimates
from commonbeat.evidence.parameters import Parameter, load_blocks, load_parameters
from commonbeat.evidence.posterior import JointPosterior, joint_posterior
from commonbeat.evidence.rules import RULES
from commonbeat.evidence.shapes import from_sample
from commonbeat.luck import PARAMETER, uniforms

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from commonbeat.evidence.blocks import Block
    from commonbeat.evidence.shapes import Quantile

    Bands = Mapping[str, tuple[float, float]]

# Quantile functions are tabulated at equal steps of a normal score: a draw is then one interpolation, and the tails keep
# their shape down to one in a million.
_SCORES = np.linspace(-5.0, 5.0, 1001)
_LEVELS = ndtr(_SCORES)
LEAST_SHARE = 1e-4  # of the draws that bands must leave, so that they are not a handful of samples
PICTURE_LEVELS = np.linspace(0.0125, 0.9875, 40)


@dataclass(frozen=True, slots=True)
class PriorSummary:
    """A prior in numbers: mean, 5 %, 50 %, 95 % points, P(below 0), and 40 quantiles from 1.25 % to 97.5 + 1.25 %.

    density: (value, height) at 41 points from the first to the last of those quantiles, for a small picture.
    """

    name: str
    mean: float
    low: float
    median: float
    high: float
    p_negative: float
    quantiles: tuple[float, ...]
    density: tuple[tuple[float, float], ...]


def draw_parameters(
    seed: int, draw: int, *, leave_out: Collection[str] = frozenset(), bands: Bands | None = None
) -> dict[str, float]:
    """One value for every parameter that is drawn, in its unit.

    seed, draw: the address. leave_out: ids of cards. bands: name -> (from_quantile, to_quantile). Raises LedgerError
    for cards, names and bands that do not exist or cannot be met together.
    """
    gone, limits = checked(leave_out, bands or {})
    values: dict[str, float] = {}
    for block in load_blocks():
        picked = _pick(block, gone, tuple(sorted(limits.items())), seed, draw)
        values |= picked
    names, codes, table = _tables(gone)
    u = uniforms(seed, PARAMETER, draw, codes)
    low, high = (np.array([limits.get(name, (0.0, 1.0))[end] for name in names]) for end in (0, 1))
    scores = ndtri(np.clip(low + (high - low) * u, _LEVELS[0], _LEVELS[-1]))
    for row, name in enumerate(names):
        values[name] = float(np.interp(scores[row], _SCORES, table[row]))
    return {parameter.name: values[parameter.name] for parameter in load_parameters() if parameter.kind != "unknown"}


def draw_table(
    seed: int, draws: NDArray[np.int64], *, bands: Bands | None = None
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Names [P] and values [draws, P]: row i is what `draw_parameters(seed, draws[i])` gives, for many draws at once.

    Raises LedgerError for names and bands that do not exist or cannot be met together.
    """
    gone, limits = checked((), bands or {})
    columns: dict[str, NDArray[np.float64]] = {}
    for block in load_blocks():
        rows = _picks(block, gone, tuple(sorted(limits.items())), seed, draws)
        columns |= {part: _posterior(block, gone).values[part][rows] for part in block.parts}
    names, codes, table = _tables(gone)
    for row, name in enumerate(names):
        low, high = limits.get(name, (0.0, 1.0))
        u = low + (high - low) * uniforms(seed, PARAMETER, draws, int(codes[row]))
        columns[name] = np.interp(ndtri(np.clip(u, _LEVELS[0], _LEVELS[-1])), _SCORES, table[row])
    drawn = tuple(parameter.name for parameter in load_parameters() if parameter.kind != "unknown")
    return drawn, np.stack([columns[name] for name in drawn], axis=1)


def summarise_prior(name: str, leave_out: Collection[str] = ()) -> PriorSummary:
    """What a prior is in numbers, with these cards left out. Raises LedgerError for a name that is not drawn."""
    gone, _ = checked(leave_out, {name: (0.0, 1.0)})
    quantile = prior_quantile(name, gone)
    dense = quantile((np.arange(4000) + 0.5) / 4000)
    low, median, high = (float(v) for v in quantile(np.array([0.05, 0.5, 0.95])))
    picture = quantile(PICTURE_LEVELS)
    edges = np.linspace(picture[0], picture[-1], 42)
    heights, _ = np.histogram(dense, bins=edges, density=True)
    middles = (edges[:-1] + edges[1:]) / 2
    return PriorSummary(
        name,
        float(dense.mean()),
        low,
        median,
        high,
        float(np.mean(dense < 0)),
        tuple(picture.tolist()),
        tuple(zip(middles.tolist(), heights.tolist(), strict=True)),
    )


def prior_quantile(name: str, leave_out: Collection[str] = frozenset()) -> Quantile:
    """The quantile function of one parameter's prior."""
    parameter = next(p for p in load_parameters() if p.name == name)
    if parameter.rule == "joint":
        posterior = block_posterior(str(parameter.settings["block"]), _relevant(parameter, leave_out))
        return from_sample(posterior.values[name], posterior.weights)
    return RULES[parameter.rule](parameter, leave_out)


def block_posterior(name: str, leave_out: Collection[str] = frozenset()) -> JointPosterior:
    """The weighted samples of a block ("trust" or "prejudice") with these cards left out."""
    return _posterior(next(block for block in load_blocks() if block.name == name), frozenset(leave_out))


def block_samples(name: str, bands: Bands | None = None) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """The samples of a block's parts that the bands allow, and their weights, which sum to 1."""
    gone, limits = checked(frozenset(), bands or {})
    block = next(block for block in load_blocks() if block.name == name)
    rows, ladder = _ladder(name, gone, tuple(limit for limit in sorted(limits.items()) if limit[0] in block.parts))
    weights = np.diff(ladder, prepend=0.0)
    return {part: values[rows] for part, values in _posterior(block, gone).values.items()}, weights / weights.sum()


def checked(leave_out: Collection[str], bands: Bands) -> tuple[frozenset[str], dict[str, tuple[float, float]]]:
    """The cards and bands, after every mistake in them was looked for."""
    mistakes = Mistakes()
    known = _card_ids()
    for card in sorted(set(leave_out) - known):
        mistakes.add("leave_out", card, "is not a card", did_you_mean(card, known))
    drawn = {parameter.name for parameter in load_parameters() if parameter.kind != "unknown"}
    for name, (low, high) in bands.items():
        if name not in drawn:
            mistakes.add(f"priors.{name}", None, "is not a parameter that is drawn", did_you_mean(name, drawn))
        if not 0 <= low < high <= 1:
            mistakes.add(
                f"priors.{name}",
                (low, high),
                "is not 0 <= from_quantile < to_quantile <= 1",
                "Write for example 0.0 and 0.2.",
            )
    mistakes.raise_if_any(LedgerError, "The priors cannot be drawn as asked:")
    return frozenset(leave_out), dict(bands)


@lru_cache(maxsize=1)
def _card_ids() -> frozenset[str]:
    return frozenset(card.id for card in load_cards())


def _relevant(parameter: Parameter, leave_out: Collection[str]) -> frozenset[str]:
    """The cards among those left out that the parameter's block rests on, so that equal questions share an answer."""
    block = next(b for b in load_blocks() if b.name == parameter.settings["block"])
    return frozenset(leave_out) & _block_cards(block)


def _block_cards(block: Block) -> frozenset[str]:
    parts = set(block.parts)
    resting = {card for r in load_estimates() if not parts.isdisjoint(r.informs) for card in r.cards}
    return frozenset(resting | {block.small_study_card})


@lru_cache(maxsize=64)
def _posterior_of(name: str, gone: frozenset[str]) -> JointPosterior:
    block = next(b for b in load_blocks() if b.name == name)
    parts = set(block.parts)
    readings = [r for r in load_estimates() if not parts.isdisjoint(r.informs) and gone.isdisjoint(r.cards)]
    slope_sd = 0.0 if block.small_study_card in gone else block.small_study_slope_sd
    return joint_posterior(block, readings, slope_sd)


def _posterior(block: Block, gone: frozenset[str]) -> JointPosterior:
    return _posterior_of(block.name, gone & _block_cards(block))


@lru_cache(maxsize=64)
def _ladder(
    name: str, gone: frozenset[str], limits: tuple[tuple[str, tuple[float, float]], ...]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The samples of a block that its bands allow, and their cumulative weights."""
    block = next(b for b in load_blocks() if b.name == name)
    posterior = _posterior(block, gone)
    allowed = np.ones(posterior.weights.size, dtype=bool)
    for part, (low, high) in limits:
        if part in posterior.values:
            order = np.argsort(posterior.values[part], kind="stable")
            rank = np.empty(order.size)
            rank[order] = np.cumsum(posterior.weights[order]) - posterior.weights[order] / 2
            allowed &= (rank >= low) & (rank <= high)
    rows = np.flatnonzero(allowed)
    mistakes = Mistakes()
    if rows.size == 0 or posterior.weights[rows].sum() < LEAST_SHARE:
        asked = {part: limit for part, limit in limits if part in posterior.values}
        mistakes.add(f"priors, block {name}", asked, "leaves less than one draw in 10,000", "Widen one of the bands.")
    mistakes.raise_if_any(LedgerError, "The priors cannot be drawn as asked:")
    return rows, np.cumsum(posterior.weights[rows])


def _pick(
    block: Block, gone: frozenset[str], limits: tuple[tuple[str, tuple[float, float]], ...], seed: int, draw: int
) -> dict[str, float]:
    row = int(_picks(block, gone, limits, seed, np.array([draw]))[0])
    values = _posterior(block, gone).values
    return {part: float(values[part][row]) for part in block.parts}


def _picks(
    block: Block,
    gone: frozenset[str],
    limits: tuple[tuple[str, tuple[float, float]], ...],
    seed: int,
    draws: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The sample of the block that each draw has."""
    rows, ladder = _ladder(block.name, gone, tuple(limit for limit in limits if limit[0] in block.parts))
    u = uniforms(seed, PARAMETER, draws, crc32(block.name.encode()))
    return rows[np.minimum(np.searchsorted(ladder, u * ladder[-1], side="right"), rows.size - 1)]


@lru_cache(maxsize=16)
def _tables(gone: frozenset[str]) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.float64]]:
    """Names [P], address codes [P] and tabulated quantiles [P, 1001] of the parameters drawn on their own."""
    single = [parameter for parameter in load_parameters() if parameter.kind == "prior"]
    codes = np.array([crc32(parameter.name.encode()) for parameter in single], dtype=np.int64)
    table = np.stack([RULES[parameter.rule](parameter, gone)(_LEVELS) for parameter in single])
    return tuple(parameter.name for parameter in single), codes, table
