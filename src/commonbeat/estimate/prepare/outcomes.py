"""The outcomes as numbers: columns of the file, or indices built from items."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.errors import Mistakes
    from commonbeat.estimate.design import Design, Scale
    from commonbeat.estimate.prepare.columns import Columns
    from commonbeat.estimate.scales import ScaleScore
    from commonbeat.estimate.trial import Floats


@dataclass(frozen=True, slots=True)
class Outcomes:
    """names and values [n] of the outcomes in the design's order; the scales that were built, by name. failed: some could not be read."""

    names: tuple[str, ...]
    values: tuple[Floats, ...]
    scales: dict[str, ScaleScore] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    failed: bool = False


def gather_outcomes(design: Design, columns: Columns, control: NDArray[np.bool_], mistakes: Mistakes) -> Outcomes:
    """Every outcome as numbers, nan where it is not known.

    control [n]: who is in the control arm, by whom items may be standardised. A scale's name goes before a column's.
    """
    scales = {
        name: score
        for name, scale in design.scales.items()
        if (score := _scale(name, scale, columns, control, mistakes))
    }
    values: list[Floats | None] = []
    for name in design.outcome:
        if name in design.scales:
            values.append(scales[name].scores if name in scales else None)
        else:
            values.append(columns.numbers("outcome", name))
    known = tuple(value for value in values if value is not None)
    warnings = tuple(f"{name}: {warning}" for name, score in scales.items() for warning in score.warnings)
    return Outcomes(design.outcome, known, scales, warnings, failed=len(known) < len(values))


def _scale(
    name: str, scale: Scale, columns: Columns, control: NDArray[np.bool_], mistakes: Mistakes
) -> ScaleScore | None:
    from commonbeat.estimate.scales import build_scale

    items = [columns.numbers(f"scales.{name}", item) for item in scale.items]
    found = [item for item in items if item is not None]
    if len(found) < len(items):
        return None
    try:
        return build_scale(np.column_stack(found), scale.items, scale, control, name=name)
    except InputError as error:
        mistakes.found.extend(error.mistakes)
        return None
