"""A fan: the effect of one arm on one group, day by day, with its 50 % and 90 % bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.report.chart import (
    Frame,
    Picture,
    band,
    dot,
    halves,
    linear,
    nice_limit,
    path,
    rule,
    text,
    vertical_axis,
    year_axis,
)
from commonbeat.report.number import UNITS, spell

if TYPE_CHECKING:
    import polars as pl

    from commonbeat.report.arms import ArmStory
    from commonbeat.report.reading import Reading

POINTS_SHOWN = 366  # a weekly rhythm would beat against anything coarser than days


def thinned(frame: pl.DataFrame) -> pl.DataFrame:
    """Enough days to draw the line, always with the first and the last."""
    step = max(1, frame.height // POINTS_SHOWN)
    kept = frame.gather_every(step)
    return kept if kept["day"][-1] == frame["day"][-1] else kept.vstack(frame.tail(1))


def limits(frames: list[pl.DataFrame], scale: float) -> tuple[float, float]:
    """The lowest and highest value to show, snapped to round steps and always with zero between them."""
    low = min(float(frame["low"].min()) for frame in frames) * scale  # type: ignore[arg-type]
    high = max(float(frame["high"].max()) for frame in frames) * scale  # type: ignore[arg-type]
    limit = nice_limit(max(-low, high, 1e-9))
    return (-limit if -low > limit / 10 else -limit / 10, limit if high > limit / 10 else limit / 10)


def last_words(frame: pl.DataFrame, unit: str) -> str:
    """The last day's effect and interval, in words."""
    row = frame.tail(1).to_dicts()[0]
    return f"On day {row['day']}: {spell(row['median'], unit, (row['low'], row['high']))}."


def fan_body(frame: pl.DataFrame, unit: str, kind: str, place: tuple) -> str:
    """The two bands and the median line."""
    across, up = place
    scale = UNITS[unit].scale

    def line(column: str) -> list[tuple[float, float]]:
        return [(across(day), up(value * scale)) for day, value in frame.select("day", column).iter_rows()]

    return (
        band(line("high"), line("low"), f"wide-band {kind}")
        + band(line("upper"), line("lower"), f"inner-band {kind}")
        + path(line("median"), f"median {kind}")
        + dot(*line("median")[-1], 3.2, f"end {kind}")
    )


def verdict_of(frame: pl.DataFrame) -> str:
    """Gain, harm or open by the last day's 90 % interval."""
    row = frame.tail(1).to_dicts()[0]
    if row["low"] > 0:
        return "gain"
    return "harm" if row["high"] < 0 else "open"


def fan(reading: Reading, arm: ArmStory, group: str, unit: str = "thousandths") -> Picture | None:
    """One arm's fan, or None where the run has no such group."""
    frame = reading.bands(arm.name, group)
    if frame is None:
        return None
    frame = thinned(frame)
    frame_area = Frame()
    left, top, right, bottom = frame_area.inner
    low, high = limits([frame], UNITS[unit].scale)
    across, up = linear(0, reading.last_day, left, right), linear(low, high, bottom, top)
    body = (
        vertical_axis(frame_area, up, halves(low, high))
        + year_axis(frame_area, across, reading.last_day)
        + fan_body(frame, unit, verdict_of(frame), (across, up))
    )
    return Picture(
        name=f"fan-{arm.name}",
        title=arm.title,
        words=f"Effect on the mean trust of {group}, day by day, against the same year without it. "
        + last_words(frame, unit),
        body=body,
        claim="C14" if arm.about == "programme" else "C15" if arm.about == "context" else "C5",
        source="run:daily",
        unit=UNITS[unit].word,
        note=last_words(frame, unit),
    )


def fans(reading: Reading, arms: tuple[ArmStory, ...], title: str, claim: str) -> Picture | None:
    """Two arms in one picture, each labelled at its end: for the year kept up and the year stopped half-way."""
    group, unit = reading.headline_group, "thousandths"
    held = [(arm, reading.bands(arm.name, group)) for arm in arms]
    frames = [(arm, thinned(frame)) for arm, frame in held if frame is not None]
    if not frames:
        return None
    area = Frame(height=230, right=16)
    left, top, right, bottom = area.inner
    low, high = limits([frame for _, frame in frames], UNITS[unit].scale)
    across, up = linear(0, reading.last_day, left, right), linear(low, high, bottom, top)
    body = vertical_axis(area, up, halves(low, high)) + year_axis(area, across, reading.last_day)
    for (_arm, frame), kind in zip(frames, ("first", "second"), strict=False):
        body += fan_body(frame, unit, kind, (across, up))
    words = " ".join(f"{arm.title}: {last_words(frame, unit)}" for arm, frame in frames)
    return Picture("stopping", title, words, body, claim, "run:daily", UNITS[unit].word, words, 340, 230)


def stop_line(area: Frame, across: float, words: str) -> str:
    """A dashed line at the day on which a programme ends."""
    _, top, _, bottom = area.inner
    return rule(across, top, across, bottom, "event") + text(across + 4, top + 9, words, "label")
