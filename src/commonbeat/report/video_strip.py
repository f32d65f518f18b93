"""The strip of time: who was seen, who was near whom and moved with whom, what happened, the group's movement, and the sound.

One picture is drawn at two widths, because letters must stay readable on a telephone and a minute needs room on a desk.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import escape

from commonbeat.record.video.instrument.measured import CLOSER, CUT, JOINED, LEFT, SWAP, UNSTEADY
from commonbeat.report.chart import Picture, linear, path, rule, text
from commonbeat.report.video_words import clock, named, pairs_shown, people_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.instrument.measured import Measured, Pair
    from commonbeat.report.chart import Scale

WIDE, NARROW = 1000, 340
LANE, GAP, CURVE = 15, 16, 46
MARKS = {JOINED: "▲", LEFT: "▽", CLOSER: "→", SWAP: "?", CUT: "‖", UNSTEADY: "~"}
BRIEFLY = {JOINED: "joined", LEFT: "left", CLOSER: "closer", SWAP: "swap?", CUT: "cut", UNSTEADY: "camera?"}
SOUND_CLASSES = {
    "speech": "sound-speech",
    "music": "sound-music",
    "speech and music": "sound-both",
    "neither": "sound-neither",
    "cannot tell": "sound-unclear",
    "silence": "sound-silence",
}
QUIETEST_LUFS = -60.0
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(slots=True)
class _Sheet:
    """A picture that grows downward, row by row."""

    width: int
    left: int
    across: Scale
    y: float = 6.0
    parts: list[str] = field(default_factory=list)

    def heading(self, words: str) -> None:
        """A line of words above the next rows."""
        self.y += 14
        self.parts.append(text(0, self.y, words, "row-heading"))
        self.y += 5

    def lane(self, words: str, spans: Sequence[tuple[float, float, str, str]], heights: Sequence[float] = ()) -> None:
        """One row: its name at the left, and a bar for each (start, end, class, words)."""
        self.parts.append(text(self.left - 6, self.y + LANE - 4, words, "label", "end"))
        middle = self.y + LANE / 2
        for place, (start, end, kind, told) in enumerate(spans):
            height = heights[place] if heights else LANE - 5.0
            x, far = self.across(start), self.across(end)
            wide = max(far - x, 1.2)
            title = f"<title>{escape(told)}</title>"
            box = f'x="{x:.1f}" y="{middle - height / 2:.1f}" width="{wide:.1f}" height="{height:.1f}"'
            self.parts.append(f'<rect {box} class="{kind}">{title}</rect>')
        self.y += LANE

    @property
    def right(self) -> float:
        """The right edge of the drawing area."""
        return self.width - 8.0


def time_strip(measured: Measured, width: int = WIDE) -> Picture:
    """The strip at this width in its own pixels; its words tell the same to whoever cannot see it."""
    left = 96 if width > NARROW else 62
    sheet = _Sheet(width, left, linear(*measured.span, left, width - 8.0))
    _people(sheet, measured)
    _pairs(sheet, measured)
    _happenings(sheet, measured)
    _movement(sheet, measured)
    _sound(sheet, measured)
    behind = _behind(sheet, measured)
    _axis(sheet, measured)
    return Picture(
        name=f"strip-{width}",
        title="The clip along its time",
        words=words_of(measured),
        body=behind + "".join(sheet.parts),
        claim="C2",
        source="video:tracks, video:pairs, video:sound",
        unit="seconds",
        width=width,
        height=math.ceil(sheet.y),
    )


def _people(sheet: _Sheet, measured: Measured) -> None:
    shown = people_shown(measured)
    sheet.heading("Seen")
    for each in shown:
        told = (
            f"person {each.number}: {clock(each.first_s)} to {clock(each.last_s)}, found in {each.coverage:.0%} of it"
        )
        sheet.lane(
            f"{each.number} · {each.coverage:.0%}", [(each.first_s, each.last_s, "seen", told)], [3 + 6 * each.coverage]
        )


def _pairs(sheet: _Sheet, measured: Measured) -> None:
    shown = pairs_shown(measured)
    if not shown:
        return
    far = "Near each other (light) · moved together beyond chance (dark; when, not whether)"
    sheet.heading(far if sheet.width > NARROW else "Near (light) · moved together (dark)")
    for each in shown:
        sheet.lane(named(each), *_spans(each))


def _spans(each: Pair) -> tuple[list[tuple[float, float, str, str]], list[float]]:
    name = named(each)
    near = [(*span, "near", f"{name} near each other, {clock(span[0])} to {clock(span[1])}") for span in each.near]
    moved = [
        (*span, "moves", f"{name} moved together beyond the null band, {clock(span[0])} to {clock(span[1])}")
        for span in each.together_spans
    ]
    return [*near, *moved], [11.0] * len(near) + [5.0] * len(moved)


def _happenings(sheet: _Sheet, measured: Measured) -> None:
    if not measured.happenings:
        return
    key = " · ".join(f"{MARKS[kind]} {kind}" for kind in MARKS if measured.of(kind))
    brief = " ".join(f"{MARKS[kind]} {word}" for kind, word in BRIEFLY.items() if measured.of(kind))
    sheet.heading(f"Happened: {key}" if sheet.width > NARROW else brief)
    for each in measured.happenings:
        x = sheet.across((each.start_s + each.end_s) / 2)
        title = f"<title>{escape(clock(each.start_s))}: {escape(each.words)}</title>"
        place = f'x="{x:.1f}" y="{sheet.y + LANE - 3:.1f}"'
        sheet.parts.append(f'<text {place} class="happening" text-anchor="middle">{title}{MARKS[each.kind]}</text>')
    sheet.y += LANE + 3


def _movement(sheet: _Sheet, measured: Measured) -> None:
    moments = measured.moments
    known = moments.energy[np.isfinite(moments.energy)]
    if not len(known):
        return
    sheet.heading("Movement of all together, body heights a second")
    _curve(sheet, moments.times, moments.energy, (0.0, float(known.max()) or 1.0), "0.1f")


def _sound(sheet: _Sheet, measured: Measured) -> None:
    sound = measured.sound
    if sound is None:
        return
    if len(sound.times):
        sheet.heading("Loudness, LUFS")
        loud = np.where(np.isfinite(sound.loudness), np.maximum(sound.loudness, QUIETEST_LUFS), QUIETEST_LUFS)
        _curve(sheet, sound.times, loud, (QUIETEST_LUFS, 0.0), ".0f")
        sheet.heading("Speech · music · both · neither · cannot tell" if sheet.width <= NARROW else "What the sound is")
        sheet.lane("sound", _runs(sound.times, sound.kinds))
    if len(sound.beats):
        spans = [(beat, beat, "beat", f"beat at {beat:.2f} s") for beat in sound.beats.tolist()]
        most = int(sheet.right - sheet.left) // 2
        shown = spans if len(spans) <= most else [(float(sound.beats[0]), float(sound.beats[-1]), "beat many", "beats")]
        sheet.lane("beat", shown)


def _runs(times: NDArray[np.float64], kinds: tuple[str, ...]) -> list[tuple[float, float, str, str]]:
    """Steps of one kind that follow each other, as one span."""
    if not kinds:
        return []
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    edges = [0, *(place + 1 for place, (a, b) in enumerate(pairwise(kinds)) if a != b), len(kinds)]
    found = []
    for begin, stop in pairwise(edges):
        start, end = float(times[begin]), float(times[stop - 1]) + step
        words = f"{kinds[begin]}, {clock(start)} to {clock(end)}"
        found.append((start, end, SOUND_CLASSES[kinds[begin]], words))
    return found


def _curve(
    sheet: _Sheet, times: NDArray[np.float64], values: NDArray[np.float64], ends: tuple[float, float], how: str
) -> None:
    """A line through the known values, broken where they are unknown, between two labelled ends."""
    top, bottom = sheet.y + 4, sheet.y + CURVE - 6
    up = linear(*ends, bottom, top)
    for value in ends:
        sheet.parts.append(rule(sheet.left, up(value), sheet.right, up(value), "grid"))
        sheet.parts.append(text(sheet.left - 6, up(value) + 4, f"{value:{how}}".replace("-", "−"), "tick", "end"))
    values, times = _thinned(values, times, int(sheet.right - sheet.left))
    known = np.flatnonzero(np.isfinite(values))
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        if len(run) > 1:
            sheet.parts.append(
                path([(sheet.across(float(times[each])), up(float(values[each]))) for each in run], "curve")
            )
    sheet.y += CURVE


def _thinned(
    values: NDArray[np.float64], times: NDArray[np.float64], most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At most so many points, each the mean of its neighbours: an hour has more seconds than the picture has pixels."""
    if len(values) <= most:
        return values, times
    size = -(-len(values) // most)
    room = -(-len(values) // size) * size - len(values)
    filled = np.concatenate([values, np.full(room, np.nan)]).reshape(-1, size)
    known = np.isfinite(filled).sum(axis=1)
    means = np.where(known > 0, np.nansum(filled, axis=1) / np.maximum(known, 1), np.nan)
    return means, times[::size]


def _behind(sheet: _Sheet, measured: Measured) -> str:
    """Grey where the camera's motion is unknown or the film was cut: nothing there is compared."""
    shown = []
    for each in measured.of(UNSTEADY, CUT):
        x, far = sheet.across(each.start_s), sheet.across(each.end_s)
        title = f"<title>{escape(each.words)}</title>"
        shown.append(
            f'<rect x="{x:.1f}" y="4" width="{max(far - x, 1):.1f}" height="{sheet.y - 4:.1f}" class="unclear">{title}</rect>'
        )
    return "".join(shown)


def _axis(sheet: _Sheet, measured: Measured) -> None:
    start, end = measured.span
    most = 8 if sheet.width > NARROW else 4
    step = next((each for each in STEPS_S if (end - start) / each <= most), STEPS_S[-1])
    sheet.parts.append(rule(sheet.left, sheet.y, sheet.right, sheet.y, "mark"))
    for mark in np.arange(math.ceil(start / step) * step, end + 1e-9, step).tolist():
        x = sheet.across(mark)
        sheet.parts.append(rule(x, sheet.y, x, sheet.y + 4, "mark"))
        sheet.parts.append(text(x, sheet.y + 17, clock(mark), "tick", "end" if x > sheet.right - 12 else "middle"))
    sheet.y += GAP + 6


def words_of(measured: Measured) -> str:
    """What the strip shows, for whoever cannot see it."""
    parts = [f"{len(measured.people)} people from {clock(measured.span[0])} to {clock(measured.span[1])}."]
    parts += [f"{clock(each.start_s)}: {each.words}." for each in measured.happenings[:20]]
    parts += [
        f"{named(each)} moved together beyond the null band for {_moved(each):.0f} s."
        for each in measured.pairs
        if each.together_spans
    ]
    return " ".join(parts)


def _moved(each: Pair) -> float:
    return sum(end - start for start, end in each.together_spans)
