"""Section 1, the annotated story: each sentence opens its claims' verdicts, the cards, and what this run says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.claims import NOT_SIMULATED, load_story
from commonbeat.evidence import load_cards
from commonbeat.report.tested import Told, tested

if TYPE_CHECKING:
    from commonbeat.claims import Sentence
    from commonbeat.evidence import Card
    from commonbeat.report.reading import Reading
    from commonbeat.report.verdicts import Judged


@dataclass(frozen=True, slots=True)
class Annotated:
    """One sentence with all that it opens."""

    text: str
    judged: tuple[Judged, ...]
    cards: tuple[Card, ...]
    told: Told | None
    asks: tuple[str, ...]

    @property
    def claim(self) -> str:
        """The claim that the sentence's figures are counted under: its first that a run speaks to; context if none."""
        own = sorted(self.judged, key=lambda one: not one.claim.is_simulated)
        return own[0].claim.id if own else "C15"


@dataclass(frozen=True, slots=True)
class AnnotatedStory:
    """The story by paragraphs, and how many of its claims have which verdict."""

    title: str
    source: str
    paragraphs: tuple[tuple[Annotated, ...], ...]
    tally: tuple[tuple[str, int], ...]


def measure_of(sentence: Sentence, judged: tuple[Judged, ...]) -> str:
    """The sentence's own figure, else the first that its claims name, else none."""
    if sentence.measure:
        return sentence.measure
    named = [key for one in judged for key in one.claim.simulated if key != NOT_SIMULATED]
    return named[0] if named else ""


def annotated(reading: Reading, sentence: Sentence, verdicts: dict[str, Judged], cards: dict[str, Card]) -> Annotated:
    """One sentence, annotated."""
    own = tuple(verdicts[claim] for claim in sentence.claims if claim in verdicts)
    measure = measure_of(sentence, own)
    return Annotated(
        text=sentence.text,
        judged=own,
        cards=tuple(cards[name] for name in sentence.cards if name in cards),
        told=tested(reading, measure) if measure else None,
        asks=tuple(one.claim.asks for one in own if not one.claim.is_simulated),
    )


def tally(verdicts: dict[str, Judged]) -> tuple[tuple[str, int], ...]:
    """How many claims have each verdict, in the order of the statuses."""
    order = ("supported", "mixed", "not supported", "unknown")
    held = [one.verdict.status for one in verdicts.values()]
    return tuple((name, held.count(name)) for name in order)


def story(reading: Reading, verdicts: dict[str, Judged]) -> AnnotatedStory:
    """Section 1 stands ready for its template."""
    told = load_story()
    cards = {card.id: card for card in load_cards()}
    paragraphs = tuple(
        tuple(annotated(reading, sentence, verdicts, cards) for sentence in paragraph) for paragraph in told.paragraphs
    )
    return AnnotatedStory(told.title, told.source, paragraphs, tally(verdicts))
