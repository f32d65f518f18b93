"""A pool as one JSON document: the rows that every estimate has, and what only a pool has."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonbeat.estimate.pool.account import PoolAccount
    from commonbeat.estimate.pool.gathered import Gathered
    from commonbeat.estimate.pool.moderator import Moderation


def document_of(gathered: Gathered, account: PoolAccount) -> dict[str, Any]:
    """The document. `rows` are estimates with the eleven fields of every estimate, the main one first."""
    main = account.main
    return {
        "source": gathered.source,
        "sha256": gathered.sha256 or None,
        "unit": gathered.unit or None,
        "effects": _effects(account),
        "left_out": [asdict(each) for each in gathered.left_out],
        "rows": [row.as_row() for row in account.rows],
        "heterogeneity": _finite(asdict(main.heterogeneity)),
        "prediction": _ahead(main.prediction),
        "prediction_k_minus_2": _ahead(main.prediction_riley),
        "groups": _moderation(account.groups),
        "slope": _moderation(account.slope),
        "leave_one_out": [
            {"without": each.label, **each.row.as_row(), "tau": each.heterogeneity.tau, "i2": each.heterogeneity.i2}
            for each in account.without
        ],
        "notes": list(account.notes),
    }


def _effects(account: PoolAccount) -> list[dict[str, Any]]:
    sample = account.sample
    weights = dict(zip(account.studied.studies, account.main.weights, strict=True))
    return [
        {
            "label": sample.labels[row],
            "study": sample.studies[row],
            "group": sample.groups[row] or None if sample.groups else None,
            "effect": float(sample.effects[row]),
            "std_error": float(sample.std_errors[row]),
            "weight_of_study": float(weights[sample.studies[row]]),
        }
        for row in range(sample.k)
    ]


def _ahead(prediction: Any) -> dict[str, Any] | None:
    return None if prediction is None else _finite(asdict(prediction))


def _moderation(found: Moderation | None) -> dict[str, Any] | None:
    if found is None:
        return None
    names = ("q_m", "df", "p_value", "f", "df_residual", "f_p_value", "r2", "warnings")
    return {
        **_finite({name: getattr(found, name) for name in names}),
        "residual_heterogeneity": _finite(asdict(found.heterogeneity)),
    }


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    """The values with None for what is not finite, as JSON has no word for it."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in values.items()
    }
