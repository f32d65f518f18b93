"""The evidence ledger: cards, the numbers read off them, and the priors that follow.

Listing cards and parameters reads text only. Drawing needs NumPy, SciPy and `luck`, which are imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from commonbeat.evidence.blocks import Block
from commonbeat.evidence.cards import Card, load_cards
from commonbeat.evidence.estimates import Reading, load_estimates
from commonbeat.evidence.parameters import Parameter, load_blocks, load_parameters

if TYPE_CHECKING:
    from commonbeat.evidence.pooling import pool_cards
    from commonbeat.evidence.priors import PriorSummary, draw_parameters, summarise_prior
    from commonbeat.evidence.retention import mean_retained, retained

__all__ = [
    "Block",
    "Card",
    "Parameter",
    "PriorSummary",
    "Reading",
    "draw_parameters",
    "load_blocks",
    "load_cards",
    "load_estimates",
    "load_parameters",
    "mean_retained",
    "pool_cards",
    "retained",
    "summarise_prior",
]

_HEAVY = {
    "PriorSummary": "priors",
    "draw_parameters": "priors",
    "mean_retained": "retention",
    "pool_cards": "pooling",
    "retained": "retention",
    "summarise_prior": "priors",
}


def __getattr__(name: str) -> Any:
    if name in _HEAVY:
        return getattr(import_module(f"commonbeat.evidence.{_HEAVY[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
