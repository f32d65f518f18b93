"""The claims: what the story says, each with what would test it and the rule of its status."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.claims.measures import MEASURES, NOT_SIMULATED
from commonbeat.errors import LedgerError, Mistakes
from commonbeat.evidence.ledger import HEADING, no_duplicates, one_of, read_toml, tables, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping


CLAIM_PATTERN = r"^C([1-9]|1[0-6])$"  # what the claims of the shipped story are called


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the story, in our words.

    direction: what the claim says happens to the outcome. paragraph: of the story, from 1. story_sentence: how the
    story puts it, retold. simulated: keys of the run's figures that bear on it, or "not simulated: no evidence".
    asks: what to ask people, where nothing can be simulated or a figure needs company.
    """

    id: str
    title: str
    text: str
    outcome: str
    population: str
    direction: str
    paragraph: int
    story_sentence: str
    rule: str
    asks: str
    simulated: tuple[str, ...]

    @property
    def is_simulated(self) -> bool:
        """True if a run has a figure that bears on the claim."""
        return self.simulated != (NOT_SIMULATED,)


_TEXTS = tuple(field.name for field in fields(Claim) if field.name not in ("paragraph", "simulated"))


@lru_cache(maxsize=4)
def load_claims(path: Path | None = None) -> tuple[Claim, ...]:
    """Every claim, in the order of the file. Raises LedgerError with all mistakes at once."""
    source = path or Path(__file__).parent / "claims.toml"
    found = read_toml(source)
    mistakes = Mistakes()
    for key in found:
        one_of(source.name, key, ("claim",), mistakes)
    entries = tables(f"{source.name} claim", found.get("claim"), mistakes)
    places = [f"{source.name} {entry.get('id', f'claim {number}')}" for number, entry in enumerate(entries, 1)]
    pairs = list(zip(places, entries, strict=True))
    no_duplicates(((place, str(entry.get("id", place))) for place, entry in pairs), mistakes)
    claims = tuple(_claim(place, entry, mistakes) for place, entry in pairs)
    mistakes.raise_if_any(LedgerError, HEADING)
    return claims


def _claim(place: str, entry: Mapping[str, Any], mistakes: Mistakes) -> Claim:
    for key in entry:
        one_of(place, key, (*_TEXTS, "paragraph", "simulated"), mistakes)
    words = {name: text(f"{place} {name}", entry.get(name), mistakes) for name in _TEXTS}
    if not re.fullmatch(r"C\d+", str(entry.get("id", ""))):
        mistakes.add(f"{place} id", entry.get("id"), "is not a C with a number", "Write for example C5.")
    paragraph = entry.get("paragraph")
    if not isinstance(paragraph, int) or isinstance(paragraph, bool) or paragraph < 1:
        mistakes.add(f"{place} paragraph", paragraph, "is not a paragraph of the story", "Count from 1.")
    simulated = texts(f"{place} simulated", entry.get("simulated", []), mistakes)
    if not simulated:
        mistakes.add(f"{place} simulated", None, "is empty", f"Name figures of a run, or ['{NOT_SIMULATED}'].")
    if simulated != (NOT_SIMULATED,):
        for key in simulated:
            one_of(f"{place} simulated", key, MEASURES, mistakes)
    return Claim(**words, paragraph=paragraph, simulated=simulated)  # pyright: ignore[reportArgumentType]
