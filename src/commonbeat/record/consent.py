"""Consent: who said yes to what, and who asked them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from commonbeat.errors import InputError, Mistakes, did_you_mean

SCOPES = ("attend", "be filmed", "be asked", "be published", "face measures")
COLLECTORS = ("officer", "researcher", "resident", "school")
Collector = Literal["officer", "researcher", "resident", "school"]


@dataclass(frozen=True, slots=True)
class Consent:
    """What the people in an encounter agreed to; an empty scope means that nobody real is in it.

    scope: some of SCOPES. collector: who asked, one of COLLECTORS. covers_children: whether children are among
    those who were asked. Raises InputError for an officer who asked children, and for words that are not known:
    a child cannot freely refuse somebody with a gun and a badge.
    """

    scope: frozenset[str]
    collector: str
    covers_children: bool
    reason: str = ""

    def __post_init__(self) -> None:
        """Every word is known and no officer asked a child, or InputError lists what is wrong."""
        found = Mistakes()
        for word in sorted(self.scope - set(SCOPES)):
            found.add("consent.scope", word, "is not something to agree to", did_you_mean(word, SCOPES))
        if self.scope and self.collector not in COLLECTORS:
            way_out = did_you_mean(self.collector, COLLECTORS)
            found.add("consent.collector", self.collector, "is not somebody who may ask", way_out)
        if self.scope and self.covers_children and self.collector == "officer":
            way_out = "Let a researcher, a resident or the school ask, with a parent or guardian."
            found.add("consent.collector", self.collector, "may not collect a child's consent", way_out)
        found.raise_if_any(InputError, "This consent cannot be recorded:")

    @classmethod
    def not_needed(cls, reason: str) -> Self:
        """Consent of nobody, because nobody in the encounter is real; `reason` says so to the reader."""
        return cls(frozenset(), "", covers_children=False, reason=reason)

    def allows(self, scope: str) -> bool:
        """Whether `scope` was agreed to, by name."""
        return scope in self.scope
