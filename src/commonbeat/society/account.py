"""What is known about a society, and how: the account that stands on screen and in the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Status = Literal["measured", "assumed", "missing", "unmatched", "unknown"]
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One figure of the account.

    `measured`: counted in the data or in the society as built. `assumed`: set by us, with no source that fixes it.
    `missing`: recorded nowhere in the data. `unmatched`: recorded, but fitting no row of another table or no target.
    `unknown`: nobody can say from what is at hand.
    """

    name: str
    value: float
    unit: str
    status: Status
    source: str
