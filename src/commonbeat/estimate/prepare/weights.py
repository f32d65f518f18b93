"""The weights of a study: the survey's own, raked to the population's margins where the design gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.datafile import category_column
from commonbeat.errors import InputError
from commonbeat.estimate.prepare.checks import check_weights
from commonbeat.estimate.weighting import rake

if TYPE_CHECKING:
    from commonbeat.errors import Mistakes
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.prepare.columns import Columns
    from commonbeat.estimate.prepare.outcomes import Outcomes
    from commonbeat.estimate.trial import Floats
    from commonbeat.estimate.weighting import RakedWeights


def gather_weights(
    design: Design, columns: Columns, outcomes: Outcomes, mistakes: Mistakes
) -> tuple[Floats | None, RakedWeights | None]:
    """The weight of each row, and how it was raked; None without weights.

    Raked are those who answered the main outcome: they are whom the margins must fit. The others keep the mean weight, which nothing reads.
    """
    weight = columns.numbers("weight", design.weight) if design.weight else None
    check_weights(weight, columns.file.row_numbers, f"weight {design.weight}", mistakes)
    if design.raking is None:
        return weight, None
    columns_of = {
        name: category_column(columns.file, name, missing=columns.missing)
        for name in design.raking.margins
        if columns.has("raking.margins", name)
    }
    if len(columns_of) < len(design.raking.margins) or outcomes.failed:
        return weight, None
    answered = ~np.isnan(outcomes.values[0])
    asked = {name: column._replace(codes=column.codes[answered]) for name, column in columns_of.items()}
    try:
        raked = rake(asked, design.raking, None if weight is None else weight[answered])
    except InputError as error:
        mistakes.found.extend(error.mistakes)
        return weight, None
    whole = np.ones(columns.rows)
    whole[answered] = raked.weights
    return whole, raked
