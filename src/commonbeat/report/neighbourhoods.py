"""The map: stops and effect side by side, one dot for each neighbourhood at its centre, its size the residents.

Two panels are one statement: no figure of trust may be seen without the enforcement that surrounds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.chart import Picture, Scale, dot, linear, path, text
from commonbeat.report.number import UNITS, spell
from commonbeat.report.spread import Spread, spread_of
from commonbeat.results.columns import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.report.arms import ArmStory
    from commonbeat.report.reading import Reading

WIDTH, HEIGHT, MARGIN = 340, 420, 22
STEPS = 5  # colours of a panel
LABELLED = 3
NOWHERE = "Elsewhere"
EVERYBODY = "All residents"


@dataclass(frozen=True, slots=True)
class Place:
    """One neighbourhood: its people, its stops and the effect on its residents' trust."""

    name: str
    residents: float
    stops: int
    per_1000: float | None
    effect: Spread | None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """All places, most stops per resident first, and the two panels of the map where centres are known."""

    arm: ArmStory
    places: tuple[Place, ...]
    panels: tuple[Picture, ...]
    unplaced: tuple[Place, ...]


def effects_by_place(reading: Reading, arm: str) -> dict[str, Spread]:
    """The spread of the effect on all residents' trust, place by place, on the last checkpoint."""
    table = reading.table("places")
    held = table.filter((pl.col("arm") == arm) & (pl.col("outcome") == "trust") & (pl.col("day") == table["day"].max()))
    found = {}
    for (name,), frame in of_all_residents(held).partition_by("place", as_dict=True).items():
        spread = spread_of(frame["effect"].drop_nulls())
        if spread is not None:
            found[str(name)] = spread
    return found


def of_all_residents(places: pl.DataFrame) -> pl.DataFrame:
    """One effect per draw and place for everybody who lives there: as the table has it, else from its groups by their size."""
    whole = places.filter(pl.col("group") == EVERYBODY)
    if whole.height:
        return whole
    parts = places.filter(~pl.col("group").is_in(OUTSIDE) & pl.col("effect").is_not_null())
    weighted = (pl.col("effect") * pl.col("residents")).sum() / pl.col("residents").sum()
    return parts.group_by("draw", "place", maintain_order=True).agg(weighted.alias("effect"))


def places_of(reading: Reading, arm: str, centres: Mapping[str, tuple[float, float]]) -> tuple[Place, ...]:
    """Every place of the stop records and of the run, most stops per resident first, places without people last."""
    effects = effects_by_place(reading, arm)
    stops = reading.table("stops").group_by("place").agg(pl.col("count").sum(), pl.col("residents").max())
    rows = {row["place"]: row for row in stops.to_dicts()}
    places = []
    for name in sorted((set(rows) | set(effects)) - {NOWHERE}):
        row = rows.get(name, {"count": 0, "residents": None})
        residents = row["residents"] or 0.0
        rate = 1000 * row["count"] / residents if residents else None
        latitude, longitude = centres.get(name, (None, None))
        places.append(Place(name, residents, row["count"], rate, effects.get(name), latitude, longitude))
    return tuple(sorted(places, key=lambda place: (place.per_1000 is None, -(place.per_1000 or 0.0), place.name)))


def projection(places: list[Place]) -> tuple[Scale, Scale]:
    """Longitude and latitude to pixels, true to shape at the city's latitude."""
    latitudes = [place.latitude or 0.0 for place in places]
    longitudes = [place.longitude or 0.0 for place in places]
    narrow = math.cos(math.radians(sum(latitudes) / len(latitudes)))
    height = max(latitudes) - min(latitudes) or 1e-6
    width = (max(longitudes) - min(longitudes)) * narrow or 1e-6
    factor = min((WIDTH - 2 * MARGIN) / width, (HEIGHT - 70 - 2 * MARGIN) / height)
    left = (WIDTH - factor * width) / 2
    top = MARGIN + 4
    across = linear(min(longitudes), max(longitudes), left, left + factor * width)
    up = linear(max(latitudes), min(latitudes), top, top + factor * height)
    return across, up


def class_of(value: float | None, edges: list[float]) -> int:
    """The colour step of a value; 0 is the lowest."""
    return 0 if value is None else sum(value > edge for edge in edges)


def legend(words: list[str], kind: str, title: str) -> str:
    """A row of colour steps with the values between them."""
    y, width = HEIGHT - 34, (WIDTH - 2 * MARGIN) / STEPS
    parts = [text(MARGIN, y - 7, title, "label")]
    parts += [
        f'<rect x="{MARGIN + step * width:.1f}" y="{y}" width="{width:.1f}" height="10" class="{kind}-{step}"/>'
        for step in range(STEPS)
    ]
    parts += [text(MARGIN + (step + 1) * width, y + 24, word, "tick", "middle") for step, word in enumerate(words)]
    return "".join(parts)


def dots(places: list[Place], steps: list[int], kind: str, words: list[str]) -> str:
    """A dot for each place, the large ones first so that small neighbours stay visible, and the names of the extreme."""
    across, up = projection(places)
    largest = max(place.residents for place in places) or 1.0
    order = sorted(range(len(places)), key=lambda index: -places[index].residents)
    return "".join(
        dot(
            across(places[index].longitude or 0.0),
            up(places[index].latitude or 0.0),
            3 + 9 * math.sqrt(places[index].residents / largest),
            f"{kind}-{steps[index]} place",
            words[index],
        )
        for index in order
    )


def names_of(places: list[Place], chosen: list[Place]) -> tuple[str, str]:
    """The names of a few places in the margin beside the city, never on one another.

    Returns the thin lines that lead to their dots (to be drawn under the dots) and the names themselves.
    """
    across, up = projection(places)
    middle = sorted(across(place.longitude or 0.0) for place in places)[len(places) // 2]
    taken = {"start": -99.0, "end": -99.0}
    parts: list[str] = []
    lines_to: list[str] = []
    for place in sorted(chosen, key=lambda one: up(one.latitude or 0.0)):
        x, y = across(place.longitude or 0.0), up(place.latitude or 0.0)
        anchor, edge = ("start", 0.0) if x < middle else ("end", float(WIDTH))
        lines = place.name.replace(" - ", " -\n").split("\n")
        level = max(y, taken[anchor] + 16 + 12 * (len(lines) - 1))
        taken[anchor] = level
        turn = edge + (1 if anchor == "start" else -1) * (6.2 * max(map(len, lines)) + 6)
        lines_to.append(path([(turn, level), (x, y)], "leader"))
        first = level + 3.5 - 12 * (len(lines) - 1)
        parts += [text(edge, first + 12 * row, words, "place-name", anchor) for row, words in enumerate(lines)]
    return "".join(lines_to), "".join(parts)


def stops_panel(places: list[Place]) -> Picture:
    """Recorded stops per 1,000 residents, in steps of equal numbers of places."""
    rates = sorted(place.per_1000 or 0.0 for place in places)
    edges = [rates[len(rates) * step // STEPS] for step in range(1, STEPS)]
    words = [f"{p.name}: {spell(p.per_1000 or 0.0, 'stops per 1,000')}" for p in places]
    steps = [class_of(place.per_1000, edges) for place in places]
    chosen = sorted(places, key=lambda place: -(place.per_1000 or 0.0))[:LABELLED]
    leaders, names = names_of(places, chosen)
    body = leaders + dots(places, steps, "rate", words) + names
    body += legend([f"{edge:,.0f}" for edge in edges], "rate", "stops per 1,000 residents")
    told = "; ".join(f"{p.name} {p.per_1000 or 0:,.0f}" for p in chosen)
    return Picture(
        "map-stops",
        "Recorded stops",
        f"A dot for each neighbourhood. Most stops per 1,000 residents: {told}.",
        body,
        "C15",
        "run:stops",
        UNITS["stops per 1,000"].word,
        told,
        WIDTH,
        HEIGHT,
    )


def effect_panel(places: list[Place], arm: ArmStory) -> Picture:
    """The median effect on residents' mean trust, from harm through nothing to gain, on one scale around zero."""
    values = [place.effect.middle * 1000 if place.effect else 0.0 for place in places]
    limit = sorted(abs(value) for value in values)[int(0.95 * (len(values) - 1))] or 1e-3
    edges = [-0.6 * limit, -0.2 * limit, 0.2 * limit, 0.6 * limit]
    words = [
        f"{p.name}: {spell(p.effect.middle, 'thousandths', p.effect.interval)}"
        if p.effect
        else f"{p.name}: not simulated"
        for p in places
    ]
    steps = [class_of(value, edges) for value in values]
    chosen = [places[index] for index in sorted(range(len(places)), key=lambda i: -abs(values[i]))[:LABELLED]]
    leaders, names = names_of(places, chosen)
    body = leaders + dots(places, steps, "shift", words) + names
    marks = [f"{edge:+.1g}".replace("-", "−") for edge in edges]
    body += legend(marks, "shift", "effect on mean trust, ‰ SD")
    return Picture(
        "map-effect",
        f"Effect on trust: {arm.title}",
        "A dot for each neighbourhood, coloured by the median paired effect over draws. Furthest from zero: "
        + "; ".join(words[places.index(place)] for place in chosen)
        + ".",
        body,
        "C5",
        "run:places",
        UNITS["thousandths"].word,
        "",
        WIDTH,
        HEIGHT,
    )


def neighbourhoods(reading: Reading, centres: Mapping[str, tuple[float, float]]) -> Neighbourhoods:
    """The places and, where their centres are known, the two panels of the map."""
    arm = reading.telling.programme or reading.telling.headline
    places = places_of(reading, arm.name, centres)
    drawn = [place for place in places if place.latitude is not None and place.per_1000 is not None]
    panels = (stops_panel(drawn), effect_panel(drawn, arm)) if len(drawn) > 2 else ()
    unplaced = tuple(place for place in places if place not in drawn)
    return Neighbourhoods(arm, places, panels, unplaced)
