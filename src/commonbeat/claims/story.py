"""The annotated story: a story retold sentence by sentence, each sentence with its claims, cards and figure.

A team can annotate another story in the same format (TOML):

    title = "..."
    source = "..."                     where the story comes from
    [[sentence]]
    paragraph = 1                      never falls from one sentence to the next
    text = "..."                       in own words
    claims = ["C5"]                    may be empty
    cards = ["E003"]                   may be empty
    measure = "rings.present.trust"    a figure of a run, or ""
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.claims.catalogue import load_claims
from commonbeat.claims.measures import MEASURES
from commonbeat.errors import LedgerError, Mistakes
from commonbeat.evidence.cards import load_cards
from commonbeat.evidence.ledger import HEADING, no_duplicates, one_of, read_toml, tables, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = ("text", "paragraph", "claims", "cards", "measure")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the story and what it opens."""

    text: str
    paragraph: int
    claims: tuple[str, ...]
    cards: tuple[str, ...]
    measure: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story in order, with where it comes from."""

    title: str
    source: str
    sentences: tuple[Sentence, ...]

    @property
    def paragraphs(self) -> tuple[tuple[Sentence, ...], ...]:
        """The sentences by paragraph."""
        numbers = sorted({sentence.paragraph for sentence in self.sentences})
        return tuple(tuple(s for s in self.sentences if s.paragraph == number) for number in numbers)


@lru_cache(maxsize=4)
def load_story(path: Path | None = None) -> Story:
    """The story of the file, or the shipped one. Raises LedgerError with all mistakes at once."""
    source = path or Path(__file__).parent / "story.toml"
    found = read_toml(source)
    mistakes = Mistakes()
    for key in found:
        one_of(source.name, key, ("title", "source", "sentence"), mistakes)
    title, origin = (text(f"{source.name} {name}", found.get(name), mistakes) for name in ("title", "source"))
    entries = tables(f"{source.name} sentence", found.get("sentence"), mistakes)
    places = [f"{source.name} sentence {number}" for number in range(1, len(entries) + 1)]
    no_duplicates(((p, str(e.get("text", p))) for p, e in zip(places, entries, strict=True)), mistakes)
    sentences = tuple(_sentence(place, entry, mistakes) for place, entry in zip(places, entries, strict=True))
    for place, earlier, later in zip(places[1:], sentences, sentences[1:], strict=False):
        if later.paragraph < earlier.paragraph:
            mistakes.add(f"{place} paragraph", later.paragraph, f"falls below {earlier.paragraph}", "Keep the order.")
    mistakes.raise_if_any(LedgerError, HEADING)
    return Story(title, origin, sentences)


def _sentence(place: str, entry: Mapping[str, Any], mistakes: Mistakes) -> Sentence:
    for key in entry:
        one_of(place, key, _KEYS, mistakes)
    words = text(f"{place} text", entry.get("text"), mistakes)
    paragraph = entry.get("paragraph")
    if not isinstance(paragraph, int) or isinstance(paragraph, bool) or paragraph < 1:
        mistakes.add(f"{place} paragraph", paragraph, "is not a number from 1", "Count paragraphs from 1.")
        paragraph = 1
    claims = _names(f"{place} claims", entry.get("claims", []), [claim.id for claim in load_claims()], mistakes)
    cards = _names(f"{place} cards", entry.get("cards", []), [card.id for card in load_cards()], mistakes)
    measure = entry.get("measure", "")
    if measure != "":
        one_of(f"{place} measure", measure, MEASURES, mistakes)
    return Sentence(words, paragraph, claims, cards, str(measure))


def _names(place: str, value: object, known: list[str], mistakes: Mistakes) -> tuple[str, ...]:
    names = texts(place, value, mistakes)
    for name in names:
        one_of(place, name, known, mistakes)
    return names
