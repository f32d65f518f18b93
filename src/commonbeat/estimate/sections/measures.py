"""The measures behind the answer: how good the scales are, and what the weights cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.row import Estimate

if TYPE_CHECKING:
    from commonbeat.estimate.prepare import Prepared
    from commonbeat.estimate.scales import ScaleScore


def scale_section(prepared: Prepared) -> Section | None:
    """Reliability and item checks of every scale that was built."""
    scales = prepared.outcomes.scales
    if not scales:
        return None
    rows = tuple(row for name, score in scales.items() for row in _reliability(name, score))
    notes = tuple(note for name, score in scales.items() for note in _items(name, score))
    question = "Do the items of each scale measure one thing, and how much of a score is error?"
    return Section("scales", "The scales", question, rows, notes)


def _reliability(name: str, score: ScaleScore) -> list[Estimate]:
    shared = {"std_error": None, "df": None, "p_value": None, "n": score.people, "clusters": None}
    rows = [
        Estimate(
            f"reliability (alpha): {name}",
            score.alpha,
            ci_low=score.alpha_low,
            ci_high=score.alpha_high,
            method=f"Cronbach's alpha, {score.reference}, Feldt interval",
            warnings=score.warnings,
            **shared,
        )
    ]
    if score.omega is not None:
        method = f"omega total of one factor, maximum likelihood, {score.reference}"
        rows.append(
            Estimate(f"reliability (omega): {name}", score.omega, ci_low=None, ci_high=None, method=method, **shared)
        )
    return rows


def _items(name: str, score: ScaleScore) -> list[str]:
    notes = []
    for item in score.items:
        if item.item_rest is None:
            continue
        without = "" if item.alpha_without is None else f", alpha without it {item.alpha_without:.2f}"
        turned = " (reversed)" if item.reversed else ""
        notes.append(f"{name}, {item.name}{turned}: correlation with the rest {item.item_rest:.2f}{without}")
    return notes


def weight_section(prepared: Prepared) -> Section | None:
    """What raking did to the weights, and how many equally weighted people they are worth."""
    raked = prepared.raked
    if raked is None:
        return None
    row = Estimate(
        "design effect of the weights",
        raked.design_effect,
        None,
        None,
        None,
        None,
        None,
        int(raked.weights.size),
        None,
        "Kish: 1 + the squared coefficient of variation",
        raked.warnings,
    )
    question = "What does it cost to make the answers fit the population's margins?"
    notes = (
        f"The answers are worth those of {raked.weights.size / raked.design_effect:,.0f} people with equal weights.",
    )
    return Section("weights", "The weights", question, (row,), notes)
