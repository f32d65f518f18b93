"""The weights of a study: the survey's own, raked to the population's margins where the design gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import did_you_mean
from commonbeat.estimate.prepare.checks import check_weights

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
    from commonbeat.estimate.weighting import rake

    before = len(mistakes.found)
    margins = {}
    for name, shares in design.raking.margins.items():
        found = columns.categories(f"raking.margins.{name}", name)
        if found is None:
            continue
        codes, names = found
        for category in set(names) ^ set(shares):
            where = "is in the data and has no share" if category in names else "has a share and is not in the data"
            mistakes.add(f"raking.margins.{name}", category, where, did_you_mean(category, [*names, *shares]))
        margins[name] = (codes, np.array([shares.get(each, 0.0) for each in names]))
    if len(mistakes.found) > before or outcomes.failed:
        return weight, None
    answered = ~np.isnan(outcomes.values[0]) & np.logical_and.reduce([codes >= 0 for codes, _ in margins.values()])
    start = np.ones(columns.rows) if weight is None else weight
    raked = rake(
        start[answered],
        {name: (codes[answered], shares) for name, (codes, shares) in margins.items()},
        smallest=design.raking.smallest,
        largest=design.raking.largest,
    )
    whole = np.full(columns.rows, float(raked.weights.mean()))
    whole[answered] = raked.weights
    return whole, raked
