"""Waves that make sense together: in order, apart, and within the days of the study."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from commonbeat.listen.study.named import named_once
from commonbeat.record.consent_checks import day
from commonbeat.scenario.checks import rows, table, whole

MOST_DAYS: Final = 10_000
LAST_DAY: Final = date.max.toordinal() - MOST_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import Mistakes


def wave_mistakes(study: Mapping[str, Any], found: Mistakes) -> None:
    """Every mistake that lies between waves, or between a wave and the days of the study."""
    waves = [table(each) for each in rows(study.get("waves"))]
    named_once(waves, "waves", found)
    _apart(waves, found)
    if study.get("design") == "viewers":
        _own_days(waves, study, found)
    else:
        _calendar_days(waves, study, found)


def _apart(waves: list[Mapping[str, Any]], found: Mistakes) -> None:
    """Waves stand in order, and each closes before the next opens."""
    last: tuple[str, int] | None = None
    for number, wave in enumerate(waves, start=1):
        first, length = whole(wave.get("day")), whole(wave.get("window_days"))
        if first is None or length is None:
            continue
        if last and first <= last[1]:
            rule = f"opens before {last[0]} has closed, on day {last[1]}"
            found.add(f"waves.{number}.day", first, rule, "Shorten that wave's window_days, or move this wave.")
        last = (f"waves.{number}", first + length - 1)


def _own_days(waves: list[Mapping[str, Any]], study: Mapping[str, Any], found: Mistakes) -> None:
    """Viewers count from their own first day; whoever begins on the study's first day can answer every wave."""
    first = whole(waves[0].get("day")) if waves else None
    if first is not None and first != 0:
        found.add("waves.1.day", first, "is not 0", "Viewers count days from the one on which they begin.")
    if study.get("day_zero") is not None:
        found.add("day_zero", None, "has no meaning for viewers", "They count from the day on which they begin.")
    _within(waves, day(study.get("starts_on")), study, found)


def _calendar_days(waves: list[Mapping[str, Any]], study: Mapping[str, Any], found: Mistakes) -> None:
    starts = day(study.get("starts_on"))
    zero = day(study.get("day_zero")) or starts
    _within(waves, zero, study, found)
    first = whole(waves[0].get("day")) if waves else None
    opens = _after(zero, first)
    if opens and starts and opens < starts:
        found.add("waves.1.day", first, f"opens on {opens}, before starts_on, {starts}", "Start the study earlier.")


def _within(waves: list[Mapping[str, Any]], zero: date | None, study: Mapping[str, Any], found: Mistakes) -> None:
    """Each wave opens before the study closes, or nobody could answer it."""
    closes = day(study.get("closes_on"))
    for number, wave in enumerate(waves, start=1):
        first = whole(wave.get("day"))
        opens = _after(zero, first)
        if closes and opens and opens > closes:
            found.add(f"waves.{number}.day", first, f"opens on {opens}, after closes_on, {closes}", "Close later.")


def _after(zero: date | None, days: int | None) -> date | None:
    """The day that many days after `zero`; None where one is unknown, or too far away for any study."""
    if zero is None or days is None or abs(days) > MOST_DAYS or not MOST_DAYS < zero.toordinal() < LAST_DAY:
        return None
    return zero + timedelta(days=days)
