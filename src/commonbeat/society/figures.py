"""The figures from which a society is built: each with its unit, its standing and its source."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from commonbeat.society.account import AccountLine, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

ByGroup = tuple[float, float, float]  # Black, White, All others


def _figure(default: Any, unit: str, source: str, status: Status = "assumed") -> Any:
    return field(default=default, metadata={"unit": unit, "source": source, "status": status})


@dataclass(frozen=True)
class Figures:
    """What the builder takes as given. Tuples of three are by group: Black, White, All others."""

    # Households and ages
    household_sizes_black: tuple[float, ...] = _figure(
        (0.33, 0.22, 0.16, 0.13, 0.09, 0.07), "shares of sizes 1-6", "no table of households in the data"
    )
    household_sizes_white: tuple[float, ...] = _figure(
        (0.45, 0.33, 0.10, 0.08, 0.03, 0.01), "shares of sizes 1-6", "no table of households in the data"
    )
    household_sizes_all_others: tuple[float, ...] = _figure(
        (0.36, 0.27, 0.15, 0.12, 0.06, 0.04), "shares of sizes 1-6", "no table of households in the data"
    )
    mixed_pool: float = _figure(0.08, "share of people", "people placed in households regardless of group")
    second_is_child: ByGroup = _figure((0.22, 0.07, 0.12), "share", "second member below 18: one adult with children")
    later_is_child: float = _figure(0.80, "share", "third and later members below 18")
    children_0_11: float = _figure(0.66, "share of children", "no table of ages in the data")
    adult_ages_with_children: ByGroup = _figure((0.12, 0.85, 0.03), "shares of 18-24, 25-64, 65+", "no table of ages")
    adult_ages_without_children: ByGroup = _figure((0.19, 0.65, 0.16), "shares of 18-24, 25-64, 65+", "no table of ages")
    # Officers and people elsewhere
    officer_groups: ByGroup = _figure((0.09, 0.76, 0.15), "shares", "officers' groups; no table in the data")
    officer_trust: tuple[float, float] = _figure((1.0, 0.5), "latent SD: mean, SD", "officers' own trust in police")
    elsewhere_groups: ByGroup = _figure((0.12, 0.62, 0.26), "shares", "adults of the United States, rounded")
    # Starting trust, E090: group mean and SD against the mean and SD of all (68.6, 26.8)
    trust_mean: ByGroup = _figure((-0.709, 0.183, -0.153), "latent SD", "E090: (49.6, 73.5, 64.5 - 68.6) / 26.8", "measured")
    trust_spread: ByGroup = _figure((1.063, 0.914, 1.030), "latent SD", "E090: 28.5, 24.5, 27.6 over 26.8", "measured")
    trust_between_places: float = _figure(0.328, "latent SD", "E092 over E090: 8.8 / 26.8, though the scales differ")
    # Friends
    core_degree: float = _figure(15.0, "ties per person", "E084: the second layer", "measured")
    core_degree_sigma: float = _figure(0.35, "log SD", "no card")
    core_same_group: ByGroup = _figure((0.78, 0.90, 0.63), "share of core ties", "E085 (All others: Hispanic)", "measured")
    core_near: float = _figure(0.55, "share of core ties", "ties to neighbours in social order: sets the clustering")
    core_own_place: float = _figure(0.5, "share of further core ties", "no card")
    acquaintance_degree: float = _figure(135.0, "ties per person", "E084: 150 in all; E083 counts 611, not stored", "measured")
    acquaintance_sigma: float = _figure(0.55, "log SD", "no card")
    acquaintance_most: float = _figure(700.0, "ties per person", "cap, so that nobody knows a town")
    acquaintance_same_group: ByGroup = _figure((0.50, 0.78, 0.45), "share of acquaintances", "between E086's .24 and .55")
    acquaintance_near: float = _figure(0.42, "share of acquaintances", "met in one circle of a place: sets the clustering")
    acquaintance_window: int = _figure(36, "people", "half the width of such a circle, in social order")
    acquaintance_own_place: float = _figure(0.2, "share of further acquaintances", "no card")
    distance_scale: float = _figure(2.0, "km", "ties to other places fall as exp(-distance / scale)")
    # Follows
    follow_exponent: float = _figure(2.25, "exponent", "DESIGN: fits the cascades of E072-E080")
    follow_least: float = _figure(2.5, "followers", "sets about eleven follows per person")
    follow_most: float = _figure(50_000.0, "followers", "cap; larger accounts are outlets")
    follow_most_share: float = _figure(0.05, "share of people", "cap in small societies")
    follow_same_group: ByGroup = _figure((0.60, 0.80, 0.50), "share of proposals", "below the core ties of E085")
    follow_friend: float = _figure(0.30, "chance", "a core friend follows")
    follow_near: float = _figure(0.35, "chance", "the first follower lives in the same place")
    follow_near_half: float = _figure(30.0, "followers", "count at which that chance has halved")
    follow_city: float = _figure(0.45, "chance", "the first follower lives somewhere in the city")
    follow_city_half: float = _figure(1000.0, "followers", "count at which that chance has halved")
    follow_from_city: float = _figure(0.01, "chance", "a follower of somebody elsewhere lives in the city")
    follow_trust_scale: float = _figure(0.8, "latent SD", "a follow is kept with chance exp(-difference / scale)")
    activity_sigma: float = _figure(0.8, "log SD", "how many accounts people follow")


def figure_lines(figures: Figures, groups: tuple[str, ...]) -> Iterator[AccountLine]:
    """One line of account per number in the figures, so that every assumption is on view."""
    for entry in fields(figures):
        value = getattr(figures, entry.name)
        name = entry.name.replace("_", " ")
        facts = (entry.metadata["unit"], entry.metadata["status"], f"given to the builder: {entry.metadata['source']}")
        if not isinstance(value, tuple):
            yield AccountLine(name, float(value), *facts)
            continue
        by_group = len(value) == len(groups) and "shares of" not in entry.metadata["unit"]
        for position, number in enumerate(value):
            yield AccountLine(f"{name}: {groups[position] if by_group else position + 1}", float(number), *facts)
