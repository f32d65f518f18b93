"""Which way is good: whether a higher outcome favours the claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from commonbeat.claims import load_claims

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.groups.effects import WorstOff

RISING = ("up",)  # the claims' words for an outcome that gets more
FALLING = ("down", "closer")  # and for one that gets less


@dataclass(frozen=True, slots=True)
class Direction:
    """favourable: the values of the outcome that favour the claim."""

    favourable: Literal["higher", "lower"]

    @property
    def sign(self) -> int:
        """What an effect is multiplied by, so that above 0 favours the claim."""
        return 1 if self.favourable == "higher" else -1

    @property
    def worst_off(self) -> WorstOff:
        """Whose mean makes a group the worst-off one."""
        return "lowest" if self.favourable == "higher" else "highest"


def direction_of(design: Design) -> Direction:
    """The direction that the design names; else the claim's; else higher is better. A claim without a side asks for `favourable`."""
    if design.favourable is not None:
        return Direction(design.favourable)
    directions = {claim.id: claim.direction for claim in load_claims()}
    return Direction("lower" if directions.get(design.claim or "") in FALLING else "higher")
