"""The picture of a clip's growth: what was seen, what may come, and what came where the log tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.report.chart import (
    Frame,
    Picture,
    band,
    horizontal_axis,
    linear,
    nice_limit,
    path,
    rule,
    text,
    vertical_axis,
)

if TYPE_CHECKING:
    from commonbeat.fit.growth.clip_fit import ClipFit
    from commonbeat.report.chart import Scale

DAY, LONGEST_IN_HOURS = 24.0, 48.0
TALLEST = 3.0  # times the median: a band that goes higher is cut, and the picture says so
QUARTERS = 4


def growth_picture(fit: ClipFit) -> Picture:
    """Shares over age: a line for what was seen, bands of 50 and 90 % with their median for what may come, dashes for what came."""
    area = Frame(height=250, left=48, right=20, bottom=44)
    left, top, right, bottom = area.inner
    limit, cut = _limit(fit)
    across, up = linear(0, fit.horizon_hours, left, right), linear(0, limit, bottom, top)
    body = vertical_axis(area, up, [limit * part / QUARTERS for part in range(QUARTERS + 1)])
    body += horizontal_axis(area, across, _marks(fit.horizon_hours))
    body += text((left + right) / 2, area.height - 8, "age of the clip", "label", "middle")
    body += _fan(fit, across, up, limit)
    now = across(fit.observed_hours)
    body += rule(now, top, now, bottom, "event")
    side = "start" if now < (left + right) / 2 else "end"
    body += text(now + (4 if side == "start" else -4), top + 9, "forecast from here", "label", side)
    body += path([(across(hours), up(shares)) for hours, shares in fit.curve], "world-with")
    if fit.later:
        body += path([(across(hours), up(min(shares, limit))) for hours, shares in fit.later], "median first")
    return Picture(
        name="clip-growth",
        title="Shares of the clip so far, and what may come",
        words=_words(fit),
        body=body,
        claim="C9",
        source="log:shares, fit:growth",
        unit="shares",
        note=_note(fit, cut=cut),
        height=area.height,
    )


def _limit(fit: ClipFit) -> tuple[float, bool]:
    """The top of the picture, and whether the wide band goes beyond it."""
    end = fit.end.shares
    tallest = max(TALLEST * end.median, end.upper, *(shares for _, shares in (*fit.curve, *fit.later)))
    return nice_limit(min(end.high, tallest)), end.high > nice_limit(min(end.high, tallest))


def _marks(horizon: float) -> list[tuple[float, str]]:
    """Marks at whole hours or days."""
    if horizon <= LONGEST_IN_HOURS:
        step = next(each for each in (1, 2, 3, 6, 12) if horizon / each <= QUARTERS + 1 or each == 12)
        return [(float(each), f"{each} h") for each in range(0, int(horizon) + 1, step)]
    return [(DAY * day, f"day {day}") for day in range(int(horizon / DAY) + 1)]


def _fan(fit: ClipFit, across: Scale, up: Scale, limit: float) -> str:
    """Bands and median, from the moment of the forecast on."""
    start = (across(fit.observed_hours), up(fit.shares))

    def line(place: int) -> list[tuple[float, float]]:
        return [start, *((across(each.hours), up(min(each.shares[place], limit))) for each in fit.ahead)]

    return (
        band(line(4), line(0), "wide-band second")
        + band(line(3), line(1), "inner-band second")
        + path(line(2), "median second")
    )


def _words(fit: ClipFit) -> str:
    parts = [f"{fit.shares:,} shares in {fit.observed_hours:.1f} hours."]
    for each in fit.marks:
        low, _, median, _, high = each.shares
        parts.append(f"At {each.hours:.0f} hours {median:,.0f} shares, nine futures in ten {low:,.0f} to {high:,.0f}.")
        if each.came is not None:
            parts.append(f"{each.came:,} came.")
    return " ".join(parts)


def _note(fit: ClipFit, *, cut: bool) -> str:
    told = "Blue: seen. Broken line with bands: median, half and nine tenths of the futures."
    if fit.later:
        told += " Where the blue line goes on, it is what came; the forecast did not see it."
    return told + (" The upper band goes on beyond the picture." if cut else "")
