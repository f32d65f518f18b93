"""All questions to a trial, in the order in which a reader asks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.estimate.sections.answer import answer_section, complier_section, several_section
from commonbeat.estimate.sections.chance import chance_section
from commonbeat.estimate.sections.direction import direction_of
from commonbeat.estimate.sections.doubts import attrition_section, margin_section, robustness_section
from commonbeat.estimate.sections.groups import group_section
from commonbeat.estimate.sections.measures import scale_section, weight_section
from commonbeat.estimate.sections.others import interference_section, mediation_section

if TYPE_CHECKING:
    from collections.abc import Callable

    from commonbeat.estimate.analysis import Section
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.interference import Ties
    from commonbeat.estimate.prepare import Prepared
    from commonbeat.estimate.row import Estimate


@dataclass(frozen=True, slots=True)
class Found:
    """The sections, the pre-declared estimates (one per outcome and arm), and the effects by group, worst-off first."""

    sections: tuple[Section, ...]
    primary: tuple[Estimate, ...]
    by_group: tuple[Estimate, ...] = ()


def trial_sections(
    prepared: Prepared,
    design: Design,
    *,
    ties: Ties | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Found:
    """Every section that the design asks for. ties: among the main comparison's people. tell: hears what is done next."""
    answer, primary = answer_section(prepared)
    groups, by_group = group_section(prepared, design, direction_of(design))
    tell("drawing the assignment again")
    chance = chance_section(prepared, design)
    tell("looking for what would undo the result")
    sections = [
        answer,
        several_section(primary),
        groups,
        complier_section(prepared),
        chance,
        margin_section(prepared, design),
        attrition_section(prepared),
        interference_section(prepared, design, ties),
        mediation_section(prepared, design),
        robustness_section(prepared),
        scale_section(prepared),
        weight_section(prepared),
    ]
    return Found(tuple(section for section in sections if section is not None), primary, by_group)
