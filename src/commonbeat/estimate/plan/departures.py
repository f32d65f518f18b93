"""Where an analysis left its plan: one sentence for each key that differs, the gravest first.

A departure is no sin, and the report does not call it one. It says what was written before the data were opened and what was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.estimate.plan.frozen import FrozenDesign

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design

# What decides the answer comes first; words that decide nothing are left out.
GRAVEST_FIRST = (
    "outcome",
    "treatment",
    "control",
    "treated",
    "cluster",
    "block",
    "weight",
    "covariates",
    "baseline",
    "complied",
    "by",
    "level",
    "favourable",
    "claim",
    "missing",
    "person",
    "scales",
    "assignment",
    "raking",
    "equivalence",
    "attrition",
    "interference",
    "panel",
    "before_after",
    "rollout",
    "series",
    "mediation",
    "population",
    "seed",
)
NO_MATTER = ("title", "plan", "stops")
NOTHING = "nothing"


def departures(plan: Design | FrozenDesign, design: Design) -> tuple[str, ...]:
    """A sentence for every part of `design` that is not as `plan` has it; empty where the analysis kept to its plan.

    A plan that was frozen and whose text changed since, or that was never frozen, is named first.
    """
    if isinstance(plan, FrozenDesign):
        return (*broken_seal(plan), *departures(plan.design, design))
    planned, done = plan.model_dump(), design.model_dump()
    known = [key for key in GRAVEST_FIRST if key in planned]
    keys = [*known, *(key for key in planned if key not in known and key not in NO_MATTER)]
    return tuple(sentence for key in keys for sentence in differing(key, planned[key], done[key]))


def broken_seal(plan: FrozenDesign) -> tuple[str, ...]:
    """What can be said against the plan's own file."""
    if plan.recorded is None:
        return ("The plan’s file was not frozen: nobody can tell from it whether it was changed later.",)
    if not plan.is_whole:
        return ("The plan’s file was changed after it was frozen: its text no longer has the hash that it names.",)
    return ()


def differing(place: str, planned: Any, done: Any) -> tuple[str, ...]:
    """The sentences for one key, and for the keys inside it where both have it."""
    if planned == done:
        return ()
    if isinstance(planned, dict) and isinstance(done, dict):
        keys = [*planned, *(key for key in done if key not in planned)]
        parts = (differing(f"{place}.{key}", planned.get(key), done.get(key)) for key in keys)
        return tuple(sentence for part in parts for sentence in part)
    if not is_given(planned):
        return (f"{place}: not in the plan; the analysis has {told(done)}.",)
    if not is_given(done):
        return (f"{place}: the plan has {told(planned)}; the analysis left it out.",)
    return (f"{place}: the plan has {told(planned)}; the analysis has {told(done)}.",)


def is_given(value: Any) -> bool:
    """Whether a key holds anything; a zero or a no is something."""
    return value is not None and value not in ((), {}, "")


def told(value: Any) -> str:
    """A value in words, without the marks of a programming language."""
    if isinstance(value, dict):
        return ", ".join(f"{key} = {told(item)}" for key, item in value.items() if is_given(item)) or NOTHING
    if isinstance(value, tuple | list):
        return ", ".join(told(item) for item in value) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
