"""What the keys of a design ask of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.claims import load_claims
from commonbeat.errors import Mistakes

if TYPE_CHECKING:
    from commonbeat.estimate.design.model import Design

SHAPES = ("treatment", "panel", "before_after", "rollout", "series")
NEED_TREATMENT = (
    "complied",
    "baseline",
    "by",
    "block",
    "assignment",
    "attrition",
    "equivalence",
    "interference",
    "mediation",
)
WITH_A_SIDE = ("up", "down", "closer")  # directions of claims that say which values favour them
SUM_TOLERANCE = 0.005  # shares of a margin are often rounded to a per cent


def design_mistakes(design: Design) -> Mistakes:
    """Everything in which the keys of a well-formed design contradict each other."""
    found = Mistakes()
    _shape(design, found)
    _roles(design, found)
    _assignment(design, found)
    _scales(design, found)
    _margins(design, found)
    _side(design, found)
    return found


def _side(design: Design, found: Mistakes) -> None:
    """A mistake is noted where neither the claim nor the design says which values favour the claim."""
    directions = {claim.id: claim.direction for claim in load_claims()}
    if design.claim is not None and design.favourable is None and directions[design.claim] not in WITH_A_SIDE:
        rule = f"has no side of its own ({directions[design.claim]})"
        found.add("claim", design.claim, rule, "Say which values favour it: favourable = 'higher' or 'lower'.")


def _shape(design: Design, found: Mistakes) -> None:
    given = [name for name in SHAPES if getattr(design, name) is not None]
    if not given:
        found.add(
            "treatment",
            None,
            "is missing",
            "Name the column of the arms; or describe [panel], [before_after], [rollout] or [series].",
        )
    if len(given) > 1:
        found.add(" and ".join(given), None, "are different shapes of a study", "Keep one of them in this design.")
    if design.treatment is None:
        for name in NEED_TREATMENT:
            if getattr(design, name) is not None:
                found.add(name, None, "needs a treatment", "Name the column of the arms as treatment, or take it away.")
    series = design.series
    if series is not None and (series.unit is None) != (series.treated_unit is None):
        found.add("series.unit", None, "and treated_unit come together", "Write both, or neither for one place.")


def _roles(design: Design, found: Mistakes) -> None:
    roles: dict[str, list[str]] = {}
    for role in ("treatment", "cluster", "block", "weight", "complied", "baseline", "person"):
        column = getattr(design, role)
        if column is not None:
            roles.setdefault(column, []).append(role)
    for column in design.outcome:
        roles.setdefault(column, []).append("outcome")
    for column in design.covariates:
        roles.setdefault(column, []).append("covariates")
    if design.mediation is not None:
        roles.setdefault(design.mediation.mediator, []).append("mediation.mediator")
    for column, names in roles.items():
        # A person who is alone in a household is both; everything else would compare a thing with itself.
        if len(names) > 1 and set(names) != {"cluster", "person"}:
            found.add(" and ".join(names), column, "name the same column", "Each part of a design has its own column.")


def _assignment(design: Design, found: Mistakes) -> None:
    assignment = design.assignment
    if assignment is None:
        return
    if "blocked" in assignment.kind and design.block is None:
        found.add("assignment.kind", assignment.kind, "needs a block", "Name the column as block.")
    if ("cluster" in assignment.kind or assignment.kind == "stepped wedge") and design.cluster is None:
        found.add("assignment.kind", assignment.kind, "needs a cluster", "Name the column as cluster.")
    if (assignment.kind == "stepped wedge") != (assignment.step is not None):
        found.add("assignment.step", assignment.step, "belongs to a stepped wedge, and only to one", "See the manual.")
    if assignment.kind == "stepped wedge" and design.block is not None:
        rule = "cannot stand beside a stepped wedge, which is compared within its periods"
        found.add(
            "block", design.block, rule, "Leave block away; clusters of all blocks are then taken as drawn together."
        )


def _scales(design: Design, found: Mistakes) -> None:
    for name, scale in design.scales.items():
        place = f"scales.{name}"
        for item in scale.reverse:
            if item not in scale.items:
                found.add(
                    f"{place}.reverse", item, "is not among the scale's items", f"Items: {', '.join(scale.items)}."
                )
        if len(set(scale.items)) < len(scale.items):
            found.add(f"{place}.items", list(scale.items), "names an item twice", "Name each item once.")
        low, high = scale.minimum, scale.maximum
        if low is not None and high is not None and low >= high:
            found.add(f"{place}.minimum", low, f"is not below the maximum {high:g}", "Write the ends of the answers.")
        if scale.reverse and scale.standardise == "none" and (low is None or high is None):
            found.add(f"{place}.reverse", list(scale.reverse), "cannot be turned round", "Write minimum and maximum.")
        if scale.standardise == "control" and design.treatment is None:
            found.add(f"{place}.standardise", "control", "needs a control arm", "Write standardise = 'everybody'.")


def _margins(design: Design, found: Mistakes) -> None:
    if design.raking is None:
        return
    if not design.raking.margins:
        found.add("raking.margins", None, "is empty", "Give at least one column with its categories' shares.")
    for column, shares in design.raking.margins.items():
        total = sum(shares.values())
        if abs(total - 1) > SUM_TOLERANCE:
            found.add(f"raking.margins.{column}", round(total, 4), "is what the shares add up to, not 1", "Mend them.")
    if design.raking.smallest >= design.raking.largest:
        found.add("raking.smallest", design.raking.smallest, "is not below the largest weight", "Mend one of them.")
