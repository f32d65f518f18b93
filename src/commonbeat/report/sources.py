"""The sources: the cards that claims and parameters rest on, and what made this run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.results.compare import fitted_to

if TYPE_CHECKING:
    from commonbeat.evidence import Card
    from commonbeat.report.reading import Reading


@dataclass(frozen=True, slots=True)
class Sources:
    """Every card of the ledger that is used, the lines of the manifest that name the run, and what its parameters were fitted to."""

    cards: tuple[Card, ...]
    made: tuple[tuple[str, str], ...]
    fitted: str


def cards_used() -> tuple[Card, ...]:
    """The cards behind at least one parameter or claim, in the ledger's order."""
    from commonbeat.claims import findings_from_evidence
    from commonbeat.evidence import load_cards, load_parameters

    used = {card for parameter in load_parameters() for card in parameter.cards}
    used |= {finding.source.removeprefix("card:") for finding in findings_from_evidence()}
    return tuple(card for card in load_cards() if card.id in used)


def made_of(manifest: dict[str, Any], draws: int, days: int) -> tuple[tuple[str, str], ...]:
    """What would have to be the same for the same numbers to come out."""
    machine, fitted = manifest.get("machine", {}), fitted_to(manifest)
    return (
        ("Common Beat", str(manifest.get("version", "unknown"))),
        ("Written", str(manifest.get("written", "unknown"))),
        ("Seed, draws, days", f"{manifest.get('seed', 'unknown')}, {draws}, {days}"),
        ("Scenario", str(manifest.get("scenario_hash", ""))[:16]),
        ("Society", str(manifest.get("society_hash", ""))[:16]),
        ("Parameters", str(manifest.get("parameter_ledger_hash", ""))[:16]),
        *((("Parameters fitted", fitted),) if fitted else ()),
        ("Content of the tables", str(manifest.get("content_hash", ""))[:16]),
        ("Machine", f"{machine.get('system', '')} {machine.get('processor', '')}, Python {machine.get('python', '')}"),
    )


def sources(reading: Reading) -> Sources:
    """The end of section 6 stands ready for its template."""
    manifest = dict(reading.run.manifest)
    return Sources(cards_used(), made_of(manifest, reading.draws, reading.last_day), fitted_to(manifest))
