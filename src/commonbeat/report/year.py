"""Section 3, the year: the paired effect day by day, its channels, the clip's reach, the map and the twin worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.report.channels import ArmAccount, accounts
from commonbeat.report.fan import fan
from commonbeat.report.neighbourhoods import Neighbourhoods, neighbourhoods
from commonbeat.report.reach import Reach, reach
from commonbeat.report.twins import Twin, twins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.report.chart import Picture
    from commonbeat.report.reading import Reading


@dataclass(frozen=True, slots=True)
class Year:
    """All that section 3 shows."""

    group: str
    fans: tuple[Picture, ...]
    accounts: tuple[ArmAccount, ...]
    reach: Reach
    map: Neighbourhoods
    twins: tuple[Twin, ...]


def year(reading: Reading, centres: Mapping[str, tuple[float, float]]) -> Year:
    """Section 3 stands ready for its template."""
    drawn = (fan(reading, arm, reading.headline_group) for arm in reading.telling.compared)
    return Year(
        group=reading.headline_group,
        fans=tuple(picture for picture in drawn if picture is not None),
        accounts=accounts(reading),
        reach=reach(reading),
        map=neighbourhoods(reading, centres),
        twins=twins(reading),
    )
