"""The questions that a study's own plan puts to its data: the keys of a design for `commonbeat estimate`.

Nothing here is chosen by looking at answers: outcomes in the order of the study's file, the first one the main one; the arms, strata and what
was asked before the draw as declared. Only whether anybody is in an arm, and whether groups exist, is read off the data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from commonbeat.claims import load_claims
from commonbeat.listen.results.collected import SCORED_KINDS
from commonbeat.listen.results.names import AUDIENCES
from commonbeat.listen.results.panel_plan import WHAT_IT_IS, panel_plan
from commonbeat.listen.results.score_keys import scale_keys, score_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.listen.bank.item import Scale
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.wide import Wide

SIDED: Final = ("up", "down", "closer")  # directions of claims that say which values favour them
CONTROL_ORDER: Final = ("control_clip", "text")
INVENTED: Final = "The study is an invented example: nothing of it is saved as a finding."
MOST_BLOCKS: Final = 100
"""Blocks that the estimates are made within; each costs time in every estimate, and the gain over strata shrinks with their number."""
NO_ARMS: Final = (
    "Nobody was drawn to anything, so that no effect of the encounter is estimated. What is described here would also come about by who chose to answer, by "
    "whatever else happened meanwhile, and by being asked before."
)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """keys: of a design, empty where the design allows no estimate. frame: the data that go with them. remarks: what cannot be claimed, and why."""

    keys: dict[str, Any]
    frame: pl.DataFrame
    remarks: tuple[str, ...] = field(default_factory=tuple)


def plan_of(collected: Collected, wide: Wide) -> Plan:
    """The design that the study's file declares, with the data prepared for it."""
    study, frame = collected.study, wide.scored()
    if not study.arms:
        panel = panel_plan(collected, frame)
        return Plan({}, frame, (NO_ARMS,)) if panel is None else Plan(*panel, (NO_ARMS, WHAT_IT_IS))
    scales = _outcomes(frame, collected)
    control, treated = _arms(collected)
    if not scales or not treated:
        return Plan({}, frame, ("Nobody answered a scale in two arms yet: nothing can be compared.",))
    main = next(iter(scales.values()))[0]
    keys: dict[str, Any] = {
        "title": collected.title(),
        "outcome": tuple(scales),
        "population": f"{', '.join(AUDIENCES[each] for each in study.audience)} who opened the study and agreed to take part; not drawn from any population",
        "treatment": "arm",
        "control": control,
        "treated": treated,
        "person": "respondent",
        "seed": study.seed % 2**31,
        "scales": {name: scale_keys(scale, wave, collected) for name, (scale, wave) in scales.items()},
        "assignment": {"kind": "complete"},
    }
    frame = frame.filter(pl.col("arm").is_not_null())
    remarks = [_units(keys["scales"][keys["outcome"][0]]), *_claim(keys, main, collected)]
    frame = _strata(keys, frame, collected, remarks)
    frame = _before(keys, frame, collected)
    return Plan(keys, frame, tuple(remarks))


def _outcomes(frame: pl.DataFrame, collected: Collected) -> dict[str, tuple[Scale, str]]:
    """The scales of the first wave in their order, then the first of them in each later wave; those that too few answered are left out.

    The others at later waves are described, not tested: every further outcome is one more chance of a finding by luck.
    """
    first, found = collected.scales_of(collected.waves[0]), []
    found += [(scale, collected.waves[0]) for scale in first]
    found += [
        (scale, wave) for wave in collected.waves[1:] for scale in collected.scales_of(wave) if scale in first[:1]
    ]
    return {
        score_name(scale, wave, collected): (scale, wave)
        for scale, wave in found
        if _answered(frame, scale, wave, collected)
    }


def _answered(frame: pl.DataFrame, scale: Scale, wave: str, collected: Collected) -> bool:
    """Whether every item has at least two answers in every arm that has people."""
    columns = [name for name in scale_keys(scale, wave, collected)["items"] if name in frame.columns]
    if len(columns) < len(scale_keys(scale, wave, collected)["items"]):
        return False
    counts = frame.filter(pl.col("arm").is_not_null()).group_by("arm").agg(pl.col(columns).count())
    return bool(counts.height) and all(counts[name].min() >= 2 for name in columns)  # type: ignore[operator]


def _arms(collected: Collected) -> tuple[str, tuple[str, ...]]:
    """The control arm and the others that have people: a control clip, else the text, else the first."""
    present = set(collected.people["arm"].drop_nulls().to_list())
    arms = [arm for arm in collected.study.arms if arm.name in present]
    ranked = sorted(
        arms, key=lambda arm: CONTROL_ORDER.index(arm.kind) if arm.kind in CONTROL_ORDER else len(CONTROL_ORDER)
    )
    control = ranked[0].name if ranked else ""
    return control, tuple(arm.name for arm in arms if arm.name != control)


def _units(main: Mapping[str, Any]) -> str:
    """What one is in the estimate, where scores and effects of the page are in points of 100."""
    ends = f"{main['minimum']:g} to {main['maximum']:g}"
    return f"Scores and effects here are in points of 100; the whole estimate and a saved finding have points of an answer, which go from {ends} on the main scale."


def _claim(keys: dict[str, Any], main: Scale, collected: Collected) -> list[str]:
    """The design names the claim of its main scale, where that has a side and the study is real; what is said where not."""
    claim = next((each for each in load_claims() if each.id == main.claim), None)
    if collected.study.invented:
        return [INVENTED]
    if claim is None or claim.direction not in SIDED:
        return ["The main scale speaks to no claim that has a side: no finding is saved."]
    keys["claim"] = claim.id
    # A clip is what the claims are about; officers and children are asked about themselves, which bears on them from the side.
    keys["bearing"] = "direct" if collected.study.audience == ("adult",) else "adjacent"
    return []


def _strata(keys: dict[str, Any], frame: pl.DataFrame, collected: Collected, remarks: list[str]) -> pl.DataFrame:
    """Arms are drawn again within what they were drawn in."""
    pairs = frame.filter(pl.col("block").is_not_null()) if "block" in frame.columns else frame.clear()
    both = pairs.group_by("block").agg(pl.col("arm").n_unique()) if pairs.height else pairs
    known = bool(both.height) and pairs.height == frame.height and int(both["arm"].max() or 0) > 1  # type: ignore[arg-type]
    blocks = frame["block"].n_unique() if known else 0
    column = "block" if 0 < blocks <= MOST_BLOCKS else "stratum"
    if frame[column].n_unique() > 1:
        keys["block"], keys["assignment"] = column, {"kind": "blocked"}
    if not known:
        remarks.append("Arms are drawn again within strata; the smaller blocks inside them are not known here.")
    elif blocks > MOST_BLOCKS:
        remarks.append(
            f"Arms were drawn in {blocks:,} small blocks. With so many, effects are estimated and arms drawn again within strata: intervals are a little wider for it."
        )
    if frame["stratum"].n_unique() > 1 and collected.study.assignment and collected.study.assignment.block_by:
        keys["by"] = "stratum"
    return frame


def _before(keys: dict[str, Any], frame: pl.DataFrame, collected: Collected) -> pl.DataFrame:
    """Scores of what was asked before the draw, beside that by which the strata were made, are covariates."""
    strata = set(collected.study.assignment.block_by) if collected.study.assignment else set()
    first = collected.waves[0]
    covariates = []
    for name in collected.study.asked_before:
        scale = collected.bank.scale(name)
        if scale.kind not in SCORED_KINDS or strata & {item.identifier for item in scale.items}:
            continue
        given, column = scale_keys(scale, first, collected), f"{name}_before"
        if not set(given["items"]) <= set(frame.columns):
            continue
        ends = given["minimum"] + given["maximum"]
        turned = [ends - pl.col(each) if each in given["reverse"] else pl.col(each) for each in given["items"]]
        frame = frame.with_columns(pl.mean_horizontal(turned).alias(column))
        if frame[column].n_unique() > 2:
            covariates.append(column)
    if covariates:
        keys["covariates"] = tuple(covariates)
    return frame
