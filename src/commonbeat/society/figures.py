"""The figures from which a society is built: each with its unit, its standing and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, NamedTuple, get_type_hints

from commonbeat.society.account import AccountLine, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

ByGroup = tuple[float, float, float]  # Black, White, All others


class Basis(NamedTuple):
    """What a figure is measured in, where it comes from, and whether that source fixes it."""

    unit: str
    source: str
    status: Status = "assumed"


@dataclass(frozen=True)
class Figures:
    """What the builder takes as given. Tuples of three are by group: Black, White, All others."""

    # Households and ages
    household_sizes_black: Annotated[
        tuple[float, ...], Basis("shares of sizes 1-6", "no table of households in the data")
    ] = (0.33, 0.22, 0.16, 0.13, 0.09, 0.07)
    household_sizes_white: Annotated[
        tuple[float, ...], Basis("shares of sizes 1-6", "no table of households in the data")
    ] = (0.45, 0.33, 0.10, 0.08, 0.03, 0.01)
    household_sizes_all_others: Annotated[
        tuple[float, ...], Basis("shares of sizes 1-6", "no table of households in the data")
    ] = (0.36, 0.27, 0.15, 0.12, 0.06, 0.04)
    mixed_pool: Annotated[float, Basis("share of people", "people placed in households regardless of group")] = 0.08
    second_is_child: Annotated[ByGroup, Basis("share", "second member below 18: one adult with children")] = (
        0.22,
        0.07,
        0.12,
    )
    later_is_child: Annotated[float, Basis("share", "third and later members below 18")] = 0.80
    children_0_11: Annotated[float, Basis("share of children", "no table of ages in the data")] = 0.66
    adult_ages_with_children: Annotated[ByGroup, Basis("shares of 18-24, 25-64, 65+", "no table of ages")] = (
        0.12,
        0.85,
        0.03,
    )
    adult_ages_without_children: Annotated[ByGroup, Basis("shares of 18-24, 25-64, 65+", "no table of ages")] = (
        0.19,
        0.65,
        0.16,
    )
    # Officers and people elsewhere
    officer_groups: Annotated[ByGroup, Basis("shares", "officers' groups; no table in the data")] = (0.09, 0.76, 0.15)
    officer_trust: Annotated[tuple[float, float], Basis("latent SD: mean, SD", "officers' own trust in police")] = (
        1.0,
        0.5,
    )
    elsewhere_groups: Annotated[ByGroup, Basis("shares", "adults of the United States, rounded")] = (0.12, 0.62, 0.26)
    # Starting trust, E090: group mean and SD against the mean and SD of all (68.6, 26.8)
    trust_mean: Annotated[ByGroup, Basis("latent SD", "E090: (49.6, 73.5, 64.5 - 68.6) / 26.8", "measured")] = (
        -0.709,
        0.183,
        -0.153,
    )
    trust_spread: Annotated[ByGroup, Basis("latent SD", "E090: 28.5, 24.5, 27.6 over 26.8", "measured")] = (
        1.063,
        0.914,
        1.030,
    )
    trust_between_places: Annotated[
        float, Basis("latent SD", "E092 over E090: 8.8 / 26.8, though the scales differ")
    ] = 0.328
    # Friends
    core_degree: Annotated[float, Basis("ties per person", "E084: the second layer", "measured")] = 15.0
    core_degree_sigma: Annotated[float, Basis("log SD", "no card")] = 0.35
    core_same_group: Annotated[ByGroup, Basis("share of core ties", "E085 (All others: Hispanic)", "measured")] = (
        0.78,
        0.90,
        0.63,
    )
    core_near: Annotated[
        float, Basis("share of core ties", "ties to neighbours in social order: sets the clustering")
    ] = 0.55
    core_own_place: Annotated[float, Basis("share of further core ties", "no card")] = 0.5
    acquaintance_degree: Annotated[
        float, Basis("ties per person", "E084: 150 in all; E083 counts 611, not stored", "measured")
    ] = 135.0
    acquaintance_sigma: Annotated[float, Basis("log SD", "no card")] = 0.55
    acquaintance_most: Annotated[float, Basis("ties per person", "cap, so that nobody knows a town")] = 700.0
    acquaintance_same_group: Annotated[ByGroup, Basis("share of acquaintances", "between E086's .24 and .55")] = (
        0.50,
        0.78,
        0.45,
    )
    acquaintance_near: Annotated[
        float, Basis("share of acquaintances", "met in one circle of a place: sets the clustering")
    ] = 0.42
    acquaintance_window: Annotated[int, Basis("people", "half the width of such a circle, in social order")] = 36
    acquaintance_own_place: Annotated[float, Basis("share of further acquaintances", "no card")] = 0.2
    distance_scale: Annotated[float, Basis("km", "ties to other places fall as exp(-distance / scale)")] = 2.0
    # Follows
    follow_exponent: Annotated[float, Basis("exponent", "DESIGN: fits the cascades of E072-E080")] = 2.25
    follow_least: Annotated[float, Basis("followers", "sets about eleven follows per person")] = 2.5
    follow_most: Annotated[float, Basis("followers", "cap; larger accounts are outlets")] = 50_000.0
    follow_most_share: Annotated[float, Basis("share of people", "cap in small societies")] = 0.05
    follow_same_group: Annotated[ByGroup, Basis("share of proposals", "below the core ties of E085")] = (
        0.60,
        0.80,
        0.50,
    )
    follow_friend: Annotated[float, Basis("chance", "a core friend follows")] = 0.30
    follow_near: Annotated[float, Basis("chance", "the first follower lives in the same place")] = 0.35
    follow_near_half: Annotated[float, Basis("followers", "count at which that chance has halved")] = 30.0
    follow_city: Annotated[float, Basis("chance", "the first follower lives somewhere in the city")] = 0.45
    follow_city_half: Annotated[float, Basis("followers", "count at which that chance has halved")] = 1000.0
    follow_from_city: Annotated[float, Basis("chance", "a follower of somebody elsewhere lives in the city")] = 0.01
    follow_trust_scale: Annotated[
        float, Basis("latent SD", "a follow is kept with chance exp(-difference / scale)")
    ] = 0.8
    activity_sigma: Annotated[float, Basis("log SD", "how many accounts people follow")] = 0.8


def figure_lines(figures: Figures, groups: tuple[str, ...]) -> Iterator[AccountLine]:
    """One line of account per number in the figures, so that every assumption is on view."""
    for field, hint in get_type_hints(Figures, include_extras=True).items():
        value, basis = getattr(figures, field), hint.__metadata__[0]
        name = field.replace("_", " ")
        facts = (basis.unit, basis.status, f"given to the builder: {basis.source}")
        if not isinstance(value, tuple):
            yield AccountLine(name, float(value), *facts)
            continue
        by_group = len(value) == len(groups) and "shares of" not in basis.unit
        for position, number in enumerate(value):
            yield AccountLine(f"{name}: {groups[position] if by_group else position + 1}", float(number), *facts)
