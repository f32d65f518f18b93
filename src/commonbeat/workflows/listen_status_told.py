"""Which counts of a running study may be told together: the rule of its report, over every count that `status` and the live page show.

Who agreed and did not finish is a cell too, in each arm, though nobody prints it: two shown counts must not tell of a few by their difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from commonbeat.listen.results.suppression import Tables

SMALLEST_CELL: Final = 10
Pairs = tuple[tuple[str, int], ...]
OTHER_STATES: Final = ("invited", "permitted", "declined", "withdrawn")
NOTHING_TOLD: Final = "invited"
"""Whoever is in this state has told nothing: that there are three of them gives nobody away."""


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """How many began and finished a wave, and how many of them in each arm."""

    wave: str
    begun: int
    finished: int
    by_arm: Pairs


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a study as they are. states: of everybody. agreed: those in a state that means so."""

    states: Pairs
    agreed: Pairs
    audiences: Pairs
    arms: Pairs
    waves: tuple[WaveCounts, ...]

    @property
    def people(self) -> int:
        """All who were invited or came."""
        return sum(count for _, count in self.states) + self.who_agreed

    @property
    def who_agreed(self) -> int:
        """All who agreed and did not withdraw."""
        return sum(count for _, count in self.agreed)


@dataclass(slots=True)
class _System:
    """The counts, as cells that add up. zeros: cells of nobody, who is no respondent: they are told, and everybody knows them. kept_back: cells that are not told for others' sake."""

    tables: Tables
    zeros: dict[str, int] = field(default_factory=dict)
    kept_back: set[str] = field(default_factory=set)
    rests: int = 0

    def add(self, name: str, people: int, *, told_something: bool = True, beyond: Iterable[int] = ()) -> str:
        """A cell that is told if it may be; returned is its name. That nobody is in a state in which nothing was told may be hidden, too.

        beyond: counts of those who went further, which matter more: where a few did not, it is this cell that is not told.
        """
        if people or not told_something:
            if any(0 < people - count < SMALLEST_CELL for count in beyond):
                self.kept_back.add(name)
            self.tables.add(name, people, told_something=told_something, printed=name not in self.kept_back)
        else:
            self.zeros[name] = 0
        return name

    def divide(self, total: str, parts: Iterable[str]) -> None:
        """The parts make the total, but for those who are in none of them yet; where there are none, the reader knows it."""
        named = [each for each in parts if each not in self.zeros]
        rest = self._people(total) - sum(self._people(each) for each in named)
        if total not in self.zeros:
            self.tables.add_sum(total, [*named, *([self._rest(rest)] if rest else [])])

    def nest(self, total: str, part: str) -> None:
        """Whoever is counted in the part is counted in the total. Where there are more, which waves allow, the reader knows no sum."""
        rest = self._people(total) - self._people(part)
        if rest >= 0 and part not in self.zeros:
            self.tables.add_sum(total, [part, self._rest(rest)])

    def _people(self, name: str) -> int:
        return self.zeros[name] if name in self.zeros else self.tables.counts[name].people

    def _rest(self, people: int) -> str:
        self.rests += 1
        self.tables.add(f"rest {self.rests}", people, printed=False, told_something=people > 0)
        return f"rest {self.rests}"


@lru_cache(maxsize=64)  # a page that looks every few seconds mostly finds what it found before
def shown_of(counts: Counts) -> Mapping[str, int]:
    """The counts that may be told, by name: "people", "agreed", "state NAME", "audience NAME", "arm NAME", "WAVE begun", "WAVE finished", "WAVE arm NAME"."""
    from commonbeat.listen.results.suppression import Tables, protect

    system = _System(Tables())
    system.add("people", counts.people, told_something=False)
    finished = [wave.finished for wave in counts.waves]
    system.add("agreed", counts.who_agreed, beyond=finished)
    if "agreed" in system.kept_back:  # or it would be what those who have not agreed leave of all
        system.kept_back.add(f"state {NOTHING_TOLD}")
    states = [system.add(f"state {name}", count, told_something=name != NOTHING_TOLD) for name, count in counts.states]
    system.divide("people", ["agreed", *states])
    if "agreed" not in system.kept_back:
        system.divide("agreed", [system.add(f"state {name}", count) for name, count in counts.agreed])
    if len(counts.audiences) > 1:  # a single one is everybody, and told with them
        system.divide("agreed", [system.add(f"audience {name}", count) for name, count in counts.audiences])
    if counts.arms:
        in_arms = {arm: [dict(wave.by_arm).get(arm, 0) for wave in counts.waves] for arm, _ in counts.arms}
        system.divide("agreed", [system.add(f"arm {arm}", count, beyond=in_arms[arm]) for arm, count in counts.arms])
    before = "agreed"
    for wave in counts.waves:
        before = _add_wave(system, wave, before)
    shown = protect(system.tables).counts | system.zeros
    alone = counts.audiences if len(counts.audiences) == 1 else ()
    return shown | {f"audience {name}": shown["agreed"] for name, _ in alone if "agreed" in shown}


def _add_wave(system: _System, wave: WaveCounts, before: str) -> str:
    """Whoever finished a wave began it, agreed, and finished the wave before, as nearly everybody does: returned is its own count of them."""
    begun = system.add(f"{wave.wave} begun", wave.begun, beyond=[wave.finished])
    finished = system.add(f"{wave.wave} finished", wave.finished)
    for total, part in dict.fromkeys([("agreed", begun), (begun, finished), ("agreed", finished), (before, finished)]):
        system.nest(total, part)
    in_arms = {name: system.add(f"{wave.wave} arm {name}", count) for name, count in wave.by_arm}
    if in_arms:
        system.divide(finished, in_arms.values())
    for name, cell in in_arms.items():
        system.nest(f"arm {name}", cell)
    return finished
