"""Cards of the evidence ledger as effects to pool: each card by its studies, where the ledger holds them all, else by its own figure.

The written rule, for one card after the other:

1. A card that pools k studies (its N begins with k=) stands for these studies where k readings in the ledger rest on it. A study that two cards
   share counts once.
2. Otherwise its published figure serves, where it is one number with a standard error or a 95 % interval (SE = width / 3.92).
3. Otherwise the effects that were read off it by hand, in the SD in which they were published.
4. Otherwise it is left out, and the reader is told why.

Cards from one source (one DOI, or one citation) that enter by their own figures are one study.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import LedgerError, Mistakes, did_you_mean
from commonbeat.estimate.pool.gathered import Gathered
from commonbeat.estimate.pool.overlaps import overlaps
from commonbeat.estimate.pool.sample import LeftOut, sample_of
from commonbeat.evidence import load_cards, load_estimates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.evidence import Card, Reading

HEADING = "These cards cannot be pooled:"
UNITS = {"d": "SD", "g": "SD", "SD": "SD", "d vs control": "SD", "mean r": "r", "points": "points"}
SD_BASES = ("observed", "residual", "latent")
NUMBER = re.compile(r"[-+−]?\d*\.?\d+")
STANDARD_ERROR = re.compile(r"\bSE\s*~?\s*(\d*\.\d+|\d+)(?!\s*[/\d.])")
INTERVAL = re.compile(r"\[\s*([-+−]?\d*\.?\d+)\s*,\s*([-+−]?\d*\.?\d+)\s*\]")
WIDTH = 2 * 1.959963984540054  # of a 95 % interval, in standard errors


@dataclass(frozen=True, slots=True)
class Entry:
    """One effect on its way into the pool, with the cards that bring it in and the study that it belongs to."""

    key: str
    label: str
    effect: float
    std_error: float
    study: str
    outcome: str
    unit: str
    cards: tuple[str, ...]
    kind: str  # "study": one of those a card pools; "reading": read off by hand; "figure": the card's own; "null": known by its N only


def sample_of_cards(ids: Iterable[str]) -> Gathered:
    """The effects that these cards bring in, each study's once.

    Raises LedgerError for unknown cards, effects in different units, and when no card has an effect with a standard error.
    """
    cards = _cards(ids)
    entries: dict[str, Entry] = {}
    left_out = []
    for card in cards:
        found, why = _entries(card)
        if not found:
            left_out.append(LeftOut(card.id, why))
        for entry in found:
            before = entries.get(entry.key)
            both = entry.cards if before is None else (*before.cards, *entry.cards)
            entries[entry.key] = Entry(**{**_fields(entry), "cards": both})
    held = tuple(entries.values())
    _check_units(held, left_out)
    sample, _ = sample_of(
        [entry.effect for entry in held],
        [entry.std_error for entry in held],
        labels=[entry.label for entry in held],
        studies=[entry.study for entry in held],
    )
    warnings = (*overlaps(cards, held), *_cautions(cards, held))
    used = ", ".join(card.id for card in cards if any(card.id in entry.cards for entry in held))
    return Gathered(sample, f"card{'s' if ',' in used else ''} {used}", held[0].unit, tuple(left_out), warnings)


def _cards(ids: Iterable[str]) -> list[Card]:
    known = {card.id: card for card in load_cards()}
    wanted = list(dict.fromkeys(part.strip() for each in ids for part in each.split(",") if part.strip()))
    mistakes = Mistakes()
    for name in wanted:
        if name not in known:
            mistakes.add("cards", name, "is not a card", did_you_mean(name, known))
    if not wanted:
        mistakes.add("cards", None, "names no card", "Write for example E020,E021.")
    mistakes.raise_if_any(LedgerError, HEADING)
    return [known[name] for name in wanted]


def _entries(card: Card) -> tuple[tuple[Entry, ...], str]:
    """The effects of one card by the written rule; none, and why, where it has none."""
    readings = [each for each in load_estimates() if card.id in each.cards and each.kind in ("effect", "null_with_n")]
    pooled = re.match(r"k=(\d+)", card.n)
    if pooled and len(readings) == int(pooled.group(1)) > 1:
        return tuple(_of_reading(reading, card, "study") for reading in readings), ""
    figure, why = _own_figure(card)
    if figure is not None:
        return (figure,), ""
    read_off = [
        _of_reading(reading, card, "null" if reading.kind == "null_with_n" else "reading") for reading in readings
    ]
    return tuple(read_off), why


def _of_reading(reading: Reading, card: Card, kind: str) -> Entry:
    unit = "SD" if reading.sd_basis in SD_BASES else reading.sd_basis
    error = float("nan") if reading.se is None else reading.se
    label = reading.label.removeprefix("Contact trial: ")
    # Arms against one control share it, so they are one study whatever the ledger calls them.
    study = reading.control_group or reading.study
    return Entry(reading.id, label, reading.effect, error, study, reading.outcome, unit, (card.id,), kind)


def _own_figure(card: Card) -> tuple[Entry | None, str]:
    """The card's published figure, or why it is none that can be pooled."""
    if card.metric not in UNITS:
        return None, f"its figure ({card.metric or 'none'}) is not an effect in a unit that can be pooled"
    if not NUMBER.fullmatch(card.estimate.strip()):
        return None, f"its figure is not one number: {card.estimate}"
    error = _standard_error(card.uncertainty)
    if error is None:
        return None, "it has no standard error"
    source = next((each.citation for each in load_cards() if card.doi and each.doi == card.doi), card.citation)
    label = f"{card.id} {card.claim}"
    effect = _number(card.estimate)
    return Entry(card.id, label, effect, error, source, card.outcome, UNITS[card.metric], (card.id,), "figure"), ""


def _standard_error(words: str) -> float | None:
    found = STANDARD_ERROR.findall(words)
    if len(found) == 1:
        return float(found[0]) or None
    ends = INTERVAL.fullmatch(words.strip())
    return None if ends is None else (_number(ends.group(2)) - _number(ends.group(1))) / WIDTH


def _number(words: str) -> float:
    return float(words.replace("−", "-"))


def _check_units(held: Sequence[Entry], left_out: Sequence[LeftOut]) -> None:
    mistakes = Mistakes()
    for each in left_out if not held else ():
        mistakes.add(each.label, None, each.reason, "Name a card with one effect and its standard error.")
    units = list(dict.fromkeys(entry.unit for entry in held))
    if len(units) > 1:
        for unit in units:
            names = ", ".join(dict.fromkeys(card for entry in held if entry.unit == unit for card in entry.cards))
            mistakes.add(names, unit, "is not the unit of the others", "Pool cards of one unit at a time.")
    mistakes.raise_if_any(LedgerError, HEADING)


def _cautions(cards: Sequence[Card], held: Sequence[Entry]) -> list[str]:
    """What is odd about these cards besides overlap."""
    said = []
    outcomes = list(dict.fromkeys(entry.outcome for entry in held))
    if len(outcomes) > 1:
        said.append(
            f"the cards measure different outcomes ({'; '.join(outcomes)}): the pooled figure has none of its own"
        )
    recalled = [card.id for card in cards if card.status == "recalled" and any(card.id in e.cards for e in held)]
    if recalled:
        said.append(f"{', '.join(recalled)}: recalled, not checked against the source")
    nulls = [card for entry in held if entry.kind == "null" for card in entry.cards]
    if nulls:
        said.append(
            f"{', '.join(nulls)}: reported as null without a number, and entered as 0 with a standard error of 2 / root N"
        )
    return said


def _fields(entry: Entry) -> dict:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}
