"""Which cards hold the same studies, so that a pool of them counts these twice."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from commonbeat.evidence import load_estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.evidence import Card


class Entered(Protocol):
    """What is asked of an effect on its way into the pool."""

    @property
    def cards(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def kind(self) -> str: ...  # noqa: D102


def overlaps(cards: Sequence[Card], held: Sequence[Entered]) -> list[str]:
    """A sentence for each way in which cards share studies.

    Shared studies that are known one by one were counted once. Published figures of one source, and a published figure beside studies that it
    pools, cannot be told apart, and make the interval too narrow.
    """
    used = {card for entry in held for card in entry.cards}
    figures = {card for entry in held if entry.kind == "figure" for card in entry.cards}
    said = [_shared(one, other, held) for one, other in combinations([card.id for card in cards if card.id in used], 2)]
    said += [_contained(card, used - figures) for card in sorted(figures)]
    by_source: dict[str, list[str]] = {}
    for card in cards:
        if card.id in figures:
            by_source.setdefault(card.doi or card.citation, []).append(card.id)
    for names in by_source.values():
        if len(names) > 1:
            source = next(card.citation for card in cards if card.id == names[0])
            said.append(
                f"{', '.join(names)} come from one source ({source}): their studies overlap, and they count as one study"
            )
    said.append(_one_maker([card for card in cards if card.id in used], by_source))
    return [sentence for sentence in said if sentence]


def _shared(one: str, other: str, held: Sequence[Entered]) -> str:
    both = sum(one in entry.cards and other in entry.cards for entry in held)
    return f"{one} and {other} share {both} studies; each counts once" if both else ""


def _contained(figure: str, others: set[str]) -> str:
    """A card that enters by its figure although some of its studies come in with another card."""
    known = [set(reading.cards) for reading in load_estimates() if figure in reading.cards]
    with_them = sorted({card for cards in known for card in cards & others if card != figure})
    if not with_them:
        return ""
    return (
        f"{figure}'s published figure pools studies that come in with {' and '.join(with_them)} as well: they count twice, "
        f"and the interval is too narrow; leave out one or the other"
    )


def _one_maker(cards: Sequence[Card], by_source: dict[str, list[str]]) -> str:
    """Reviews by the same first author from different years may hold the same studies."""
    makers: dict[str, dict[str, str]] = {}
    for card in cards:
        if card.n.startswith("k=") or card.id in {name for names in by_source.values() for name in names}:
            maker = card.citation.split(",")[0].split(" et al")[0].split(" &")[0].strip()
            makers.setdefault(maker, {})[card.doi or card.citation] = card.id
    for maker, sources in makers.items():
        if len(sources) > 1:
            return f"{' and '.join(sources.values())} have the same first author ({maker}): they may share studies"
    return ""
