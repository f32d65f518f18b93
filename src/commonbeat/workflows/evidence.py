"""Cards and parameters, as the ledger has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import InputError, Mistake, did_you_mean

if TYPE_CHECKING:
    from commonbeat.evidence import Card, Parameter, PriorSummary, Reading


@dataclass(frozen=True, slots=True)
class PriorShown:
    """A parameter with its prior in numbers; no prior when nobody has measured it."""

    parameter: Parameter
    prior: PriorSummary | None


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card, the numbers read off it, and the names of the parameters that rest on it."""

    card: Card
    readings: tuple[Reading, ...]
    parameters: tuple[str, ...]


def list_cards() -> tuple[Card, ...]:
    """Every card of the ledger."""
    from commonbeat.evidence import load_cards

    return load_cards()


def list_parameters() -> tuple[PriorShown, ...]:
    """Every parameter with its prior."""
    from commonbeat.evidence import load_parameters

    return tuple(_with_prior(parameter) for parameter in load_parameters())


def show(name: str) -> CardShown | PriorShown:
    """The card with this id, or the parameter of this name. Raises InputError with the nearest one otherwise."""
    from commonbeat.evidence import load_cards, load_estimates, load_parameters

    cards = {card.id: card for card in load_cards()}
    parameters = {parameter.name: parameter for parameter in load_parameters()}
    if name.upper() in cards:
        card = cards[name.upper()]
        readings = tuple(reading for reading in load_estimates() if card.id in reading.cards)
        resting = tuple(parameter.name for parameter in parameters.values() if card.id in parameter.cards)
        return CardShown(card, readings, resting)
    if name in parameters:
        return _with_prior(parameters[name])
    way_out = did_you_mean(name, [*cards, *parameters])
    raise InputError("The ledger has nothing of that name:", [Mistake("evidence", name, "is not a card", way_out)])


def _with_prior(parameter: Parameter) -> PriorShown:
    from commonbeat.evidence import summarise_prior

    unknown = parameter.kind == "unknown"
    return PriorShown(parameter, None if unknown else summarise_prior(parameter.name))
