"""The bands of a run that is under way as small pictures, one per arm, all on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.report.chart import Frame, Picture, linear, nice_limit, path, vertical_axis, year_axis
from commonbeat.report.fan import fan_body
from commonbeat.report.number import UNITS, spell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.workflows.web_bands import ArmSoFar, SoFar

UNIT: Final = "thousandths"
Points = "Sequence[tuple[int, float]]"


def pictures_of(found: SoFar, titles: Mapping[str, str], days: int) -> list[Picture]:
    """One picture per arm: bands where there are draws enough for them, otherwise a line per draw."""
    limit = _limit(found)
    return [_picture(arm, found, titles.get(arm.name, arm.name), days, limit) for arm in found.arms]


def _picture(arm: ArmSoFar, found: SoFar, title: str, days: int, limit: float) -> Picture:
    area = Frame()
    left, top, right, bottom = area.inner
    across, up = linear(0, days, left, right), linear(-limit, limit, bottom, top)
    body = vertical_axis(area, up, [-limit, -limit / 2, 0.0, limit / 2, limit]) + year_axis(area, across, days)
    if arm.bands is not None:
        body += fan_body(arm.bands, UNIT, "first", (across, up))
    else:
        scale = UNITS[UNIT].scale
        for line in arm.lines:
            body += path([(across(day), up(effect * scale)) for day, effect in line], "so-far")
    words = words_of(arm, found)
    whom = f"Effect on {found.outcome}, {found.group}, against the reference arm."
    return Picture(f"so-far-{arm.name}", title, f"{whom} {words}", body, "", "run:daily", UNITS[UNIT].word, words)


def words_of(arm: ArmSoFar, found: SoFar) -> str:
    """The last day in words: an interval where there are draws enough for one, otherwise the range of the draws."""
    if arm.bands is not None:
        row = arm.bands.tail(1).to_dicts()[0]
        return f"On day {row['day']}: {spell(row['median'], UNIT, (row['low'], row['high']))}."
    last = [line[-1] for line in arm.lines if line]
    if not last:
        return "Nothing yet."
    ends = sorted(effect for _, effect in last)
    many = f"the {found.draws} draws lie from" if found.draws > 1 else "the one draw lies at"
    to = f" to {spell(ends[-1], UNIT)}" if found.draws > 1 else ""
    return f"On day {last[0][0]}, {many} {spell(ends[0], UNIT)}{to}. Too few for an interval."


def _limit(found: SoFar) -> float:
    """The end of the scale that all arms share, in the unit shown."""
    most = 1e-9
    for arm in found.arms:
        if arm.bands is not None:
            ends = [arm.bands[name].abs().max() for name in ("low", "high")]
            most = max([most, *(float(end) for end in ends if isinstance(end, int | float))])
        most = max([most, *(abs(effect) for line in arm.lines for _, effect in line)])
    return nice_limit(most * UNITS[UNIT].scale)
