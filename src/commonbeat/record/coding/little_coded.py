"""Coders who left more than half of the units uncoded, one sentence for each coder whatever the number of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.record.coding.ratings import Ratings

LITTLE: Final = 0.5


def little_coded(ratings: Iterable[Ratings]) -> list[str]:
    """A sentence for each coder who coded less than half of the units of a code: how much of which codes."""
    codes: dict[str, dict[str, list[str]]] = {}
    every = 0
    for each in ratings:
        every += 1
        name = f"{each.code} [{each.group}]" if each.group else each.code
        done = (each.given >= 0).mean(axis=0) if len(each.units) else np.ones(len(each.coders))
        for coder, share in zip(each.coders, done.tolist(), strict=True):
            if share < LITTLE:
                codes.setdefault(coder, {}).setdefault(f"{share:.0%}", []).append(name)
    return [f"{coder} coded {_told(shares, every)}." for coder, shares in sorted(codes.items())]


def _told(shares: dict[str, list[str]], every: int) -> str:
    if len(shares) == 1:
        ((share, names),) = shares.items()
        if len(names) == every:
            return f"{share} of the units" + (f" of each of the {every} codes" if every > 1 else "")
    return "of the units " + ", ".join(f"{share} of {', '.join(names)}" for share, names in shares.items())
