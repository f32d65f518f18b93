"""How far coders agree on one code: alpha, kappas and plain agreement, with what a reader must know beside them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.record.coding.alpha import alpha, value_counts
from commonbeat.record.coding.alpha_interval import bootstrap_interval, jackknife_interval
from commonbeat.record.coding.kappa import Kappa, cohen_kappa, cross_table, fleiss_kappa

if TYPE_CHECKING:
    from commonbeat.record.coding.ratings import Ratings

RELIABLE, TENTATIVE = 0.8, 2 / 3  # Krippendorff's bounds; he calls them conventions to be argued for, not laws
FEW_UNITS: Final = 30
FEW_CLIPS: Final = 5
NO_SHARES: Final = "How often each value was given is not told by person: codes of tone rate nobody."
PREVALENT, AGREED, LOW_KAPPA = 0.85, 0.8, 0.6


class Pair(NamedTuple):
    """Two coders: Cohen's kappa unweighted and by linear and quadratic steps (NaN for nominal codes), and their share of equal codes."""

    first: str
    second: str
    agreement: float
    kappa: Kappa
    linear: Kappa | None
    quadratic: Kappa | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One code's agreement.

    units: those with two codes at least; coded: how many codes stand in them; agreement: the mean share of equal pairs of codes in a unit;
    shares: the share of each value among all codes, empty where it would rate one person. low, high: the 95 % interval of alpha; resampled: the one by resampling units. clustered: whether
    whole clips were left out in turn. NaN: could not be computed.
    """

    code: str
    group: str
    level: str
    alpha: float
    low: float
    high: float
    resampled: tuple[float, float]
    clustered: bool
    units: int
    coded: int
    coders: tuple[str, ...]
    agreement: float
    shares: tuple[tuple[str, float], ...]
    fleiss: Kappa
    pairs: tuple[Pair, ...]
    verdict: str
    warnings: tuple[str, ...]


def agreement_of(ratings: Ratings, *, shares: bool = True) -> Agreement:
    """Everything that is said of one code's agreement. shares: False where the share of each value would rate one person; none is told then."""
    counts = value_counts(ratings.given, len(ratings.values))
    pairable = counts.sum(axis=1) >= 2
    clusters = ratings.clusters()
    clips = len(np.unique(clusters[pairable]))
    clustered = FEW_CLIPS <= clips < int(pairable.sum())
    value = alpha(counts, ratings.scores, ratings.level)
    low, high = jackknife_interval(counts, ratings.scores, ratings.level, clusters if clustered else None)
    sizes = counts[pairable].sum(axis=1)
    equal = ((counts[pairable] ** 2).sum(axis=1) - sizes) / (sizes * (sizes - 1))
    coded = counts.sum()
    found = Agreement(
        code=ratings.code,
        group=ratings.group,
        level=ratings.level,
        alpha=value,
        low=low,
        high=high,
        resampled=bootstrap_interval(counts, ratings.scores, ratings.level),
        clustered=clustered,
        units=int(pairable.sum()),
        coded=int(coded),
        coders=ratings.coders,
        agreement=float(equal.mean()) if len(equal) else math.nan,
        shares=tuple(zip(ratings.values, (counts.sum(axis=0) / max(coded, 1)).tolist(), strict=True)),
        fleiss=fleiss_kappa(counts),
        pairs=tuple(_pairs(ratings)),
        verdict=verdict(value, low),
        warnings=(),
    )
    found = replace(found, warnings=tuple(_warnings(found, ratings, clips, shares=shares)))
    return found if shares else replace(found, shares=())


def verdict(value: float, low: float) -> str:
    """What the conventions of .80 and .667 say, first of the value and then of its interval."""
    if math.isnan(value):
        return "cannot be judged"
    if value >= RELIABLE:
        if math.isnan(low):
            return "reliable by convention, but there is no interval"
        return (
            "reliable by convention" if low >= RELIABLE else "reliable by convention, but its interval goes below .80"
        )
    if value >= TENTATIVE:
        return "for tentative conclusions only"
    return "not reliable: do not draw conclusions from it"


def _pairs(ratings: Ratings) -> list[Pair]:
    ordered = ratings.level != "nominal"
    pairs = []
    for one, two in itertools.combinations(range(len(ratings.coders)), 2):
        table = cross_table(ratings.given[:, one], ratings.given[:, two], len(ratings.values))
        units = table.sum()
        pairs.append(
            Pair(
                ratings.coders[one],
                ratings.coders[two],
                float(np.trace(table) / units) if units else math.nan,
                cohen_kappa(table),
                cohen_kappa(table, "linear") if ordered else None,
                cohen_kappa(table, "quadratic") if ordered else None,
            )
        )
    return pairs


def _warnings(found: Agreement, ratings: Ratings, clips: int, *, shares: bool) -> list[str]:
    said = [] if shares else [NO_SHARES]
    if found.units == 0:
        return ["No unit has codes of two coders: agreement cannot be computed."]
    used = [name for name, share in found.shares if share > 0]
    if len(used) == 1:
        all_of = f"'{used[0]}'" if shares else "of one value"
        said.append(f"All codes are {all_of}: nothing could have differed, so agreement beyond chance is unknown.")
    elif found.alpha == 1:
        most = 1 - 0.05 ** (1 / found.units)
        said.append(
            f"No two codes differ in {found.units} units. Up to {most:.0%} of further units may still differ; there is no interval."
        )
    elif found.units >= 3 and math.isnan(found.low):
        said.append(
            f"All that varies stands in one {'clip' if found.clustered else 'unit'}: without it nothing could have differed, so there is no interval."
        )
    if found.units < FEW_UNITS:
        said.append(
            f"Only {found.units} units have two codes: the interval is rough, and too narrow where a value is rare."
        )
    if 1 < clips < FEW_CLIPS and clips < found.units:
        said.append(f"The units come from {clips} clips. Units of one clip are alike, so the interval is too narrow.")
    elif clips == 1 and found.units > 1 and np.isfinite(ratings.start_s).any():
        said.append("All units come from one clip. Neighbours are alike, so the interval is too narrow.")
    name, share = max(found.shares, key=lambda each: each[1])
    if shares and len(used) > 1 and share >= PREVALENT and found.agreement >= AGREED and found.alpha < LOW_KAPPA:
        said.append(
            f"{share:.0%} of all codes are '{name}': coders agree on {found.agreement:.0%} of pairs and yet little beyond chance. "
            "Look for units that have the rare values before judging the coders."
        )
    if len(ratings.coders) > 2 and 0 < found.fleiss.units < found.units:
        said.append(
            f"Fleiss's kappa rests on the {found.fleiss.units} of {found.units} units that the most coders coded; alpha on all of them."
        )
    return said
