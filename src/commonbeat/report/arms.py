"""The arms of a run as its scenario names them, and the part that each plays in the telling.

Parts are read from what an arm does, never from its name, so that a scenario of one's own gets the same report.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import Any

ENCOUNTER = "encounter"
VIOLENT_CLIP = "violent_clip"


@dataclass(frozen=True, slots=True)
class ArmStory:
    """One arm: its name in the tables, its title on the page, and what happens in it."""

    name: str
    title: str
    note: str = ""
    stops_factor: float = 1.0
    events: tuple[dict[str, Any], ...] = field(default=())

    @property
    def encounters(self) -> tuple[dict[str, Any], ...]:
        """The events that are encounters."""
        return tuple(event for event in self.events if event.get("kind") == ENCOUNTER)

    @property
    def repeats(self) -> bool:
        """Whether an encounter comes back at a rhythm."""
        return any(event.get("every_days") for event in self.encounters)

    @property
    def stops_early(self) -> bool:
        """Whether a rhythm ends before the run does."""
        return any(event.get("every_days") and event.get("until_day") for event in self.encounters)

    @property
    def clip(self) -> str:
        """Who posts the encounter's clip: none, resident or outlet."""
        origins = [str(event.get("clip", "none")) for event in self.encounters]
        return next((origin for origin in origins if origin != "none"), "none")

    @property
    def violent(self) -> bool:
        """Whether a clip of police violence follows."""
        return any(event.get("kind") == VIOLENT_CLIP for event in self.events)

    @property
    def about(self) -> str:
        """Context (another number of stops), programme (a rhythm), moment (one encounter), or other."""
        if self.stops_factor != 1.0:
            return "context"
        if self.repeats:
            return "programme"
        return "moment" if self.encounters else "other"


@dataclass(frozen=True, slots=True)
class Telling:
    """What the scenario says that the report repeats."""

    title: str
    days: int
    seed: int
    society: str
    reference: str
    arms: tuple[ArmStory, ...]
    encounters: dict[str, dict[str, Any]]

    @property
    def compared(self) -> tuple[ArmStory, ...]:
        """All arms but the one that they are compared with."""
        return tuple(arm for arm in self.arms if arm.name != self.reference)

    def first(self, *tests: str, clip: str | None = None) -> ArmStory | None:
        """The first compared arm that is about one of `tests`, with that clip and no violent clip after it."""
        for arm in self.compared:
            if arm.about in tests and not arm.violent and clip in (None, arm.clip):
                return arm
        return None

    @property
    def unfilmed(self) -> ArmStory | None:
        """The moment that nobody filmed."""
        return self.first("moment", clip="none")

    @property
    def resident_clip(self) -> ArmStory | None:
        """The moment whose clip a resident posts."""
        return self.first("moment", clip="resident")

    @property
    def outlet_clip(self) -> ArmStory | None:
        """The moment whose clip an outlet posts."""
        return self.first("moment", clip="outlet")

    @property
    def headline(self) -> ArmStory:
        """The arm that the story is about: the clip that travelled, or whatever comes nearest to it."""
        return self.outlet_clip or self.resident_clip or self.unfilmed or self.compared[0]

    @property
    def programme(self) -> ArmStory | None:
        """The encounter kept up to the end."""
        kept = [arm for arm in self.compared if arm.repeats and not arm.stops_early]
        return kept[0] if kept else None

    @property
    def stopped(self) -> ArmStory | None:
        """The encounter kept up for a while and then stopped."""
        return next((arm for arm in self.compared if arm.stops_early), None)

    @property
    def context(self) -> ArmStory | None:
        """The ordinary year with another number of stops."""
        return self.first("context")

    @property
    def violent(self) -> ArmStory | None:
        """The arm in which a clip of police violence follows."""
        return next((arm for arm in self.compared if arm.violent), None)


def sentence_case(name: str) -> str:
    """A name of the tables as words."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def tell(scenario_text: str, arms_in_tables: list[str], last_day: int) -> Telling:
    """The scenario's own words, with every arm that the tables hold, in the scenario's order."""
    said = tomllib.loads(scenario_text) if scenario_text else {}
    described = {str(arm.get("name")): arm for arm in said.get("arms", [])}
    order = [name for name in described if name in arms_in_tables] + [n for n in arms_in_tables if n not in described]
    arms = tuple(
        ArmStory(
            name,
            str(described.get(name, {}).get("title") or sentence_case(name)),
            str(described.get(name, {}).get("note", "")),
            float(described.get(name, {}).get("stops_factor", 1.0)),
            tuple(described.get(name, {}).get("events", ())),
        )
        for name in order
    )
    reference = str(said.get("reference", "nothing"))
    return Telling(
        title=str(said.get("title", "A run")),
        days=int(said.get("days", last_day)),
        seed=int(said.get("seed", 0)),
        society=str(said.get("society", "unknown")),
        reference=reference if reference in order else order[0],
        arms=arms,
        encounters=dict(said.get("encounters", {})),
    )
