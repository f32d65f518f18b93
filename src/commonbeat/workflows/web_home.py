"""What the app's first page tells: the story with the status of each claim, the work under way, the last reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.claims import STATUSES, load_story
from commonbeat.evidence import load_cards
from commonbeat.workflows.claims import judge_claims
from commonbeat.workflows.web_jobs import OPEN, list_jobs
from commonbeat.workflows.web_reports import results_of

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.evidence import Card
    from commonbeat.storage import Store
    from commonbeat.workflows.claims import JudgedClaim
    from commonbeat.workflows.web_jobs import JobRow
    from commonbeat.workflows.web_reports import Result

LAST: Final = 6


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the story, what it claims and what studies found."""

    text: str
    judged: tuple[JudgedClaim, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The first page. tally: how many claims have each status. own: findings of the project's own studies."""

    title: str
    source: str
    paragraphs: tuple[tuple[Told, ...], ...]
    tally: tuple[tuple[str, int], ...]
    own: int
    under_way: tuple[JobRow, ...]
    reports: tuple[Result, ...]


def home_of(project: Path, store: Store) -> Home:
    """Everything that the first page shows of the project. Raises LedgerError for findings that cannot be read."""
    judged = {each.claim.id: each for each in judge_claims(project)}
    story, cards = load_story(), {card.id: card for card in load_cards()}
    paragraphs = tuple(
        tuple(
            Told(
                sentence.text,
                tuple(judged[name] for name in sentence.claims if name in judged),
                tuple(cards[name] for name in sentence.cards if name in cards),
            )
            for sentence in paragraph
        )
        for paragraph in story.paragraphs
    )
    held = [each.verdict.status for each in judged.values()]
    return Home(
        title=story.title,
        source=story.source,
        paragraphs=paragraphs,
        tally=tuple((name, held.count(name)) for name in STATUSES),
        own=sum(finding.kind == "study" for each in judged.values() for finding in each.findings),
        under_way=tuple(list_jobs(store, OPEN)),
        reports=results_of(project)[:LAST],
    )
