"""What the app's first page tells: the story with the status of each claim, the work under way, the last reports."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.claims import STATUSES, load_story
from commonbeat.evidence import load_cards
from commonbeat.workflows.claims import judge_claims
from commonbeat.workflows.web_jobs import OPEN, list_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.evidence import Card
    from commonbeat.storage import Store
    from commonbeat.workflows.claims import JudgedClaim
    from commonbeat.workflows.web_jobs import JobRow

REPORT: Final = "report.html"
DEEPEST: Final = 3  # folders below the project in which a report is looked for
MOST_FOLDERS: Final = 2_000
LAST: Final = 6


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the story, what it claims and what studies found."""

    text: str
    judged: tuple[JudgedClaim, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report that stands in the project. place: its folder below the project's. day: when it was written."""

    place: str
    day: str


@dataclass(frozen=True, slots=True)
class Home:
    """The first page. tally: how many claims have each status. own: findings of the project's own studies."""

    title: str
    source: str
    paragraphs: tuple[tuple[Told, ...], ...]
    tally: tuple[tuple[str, int], ...]
    own: int
    under_way: tuple[JobRow, ...]
    reports: tuple[ReportFile, ...]


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
        reports=last_reports(project),
    )


def last_reports(project: Path, most: int = LAST) -> tuple[ReportFile, ...]:
    """The reports in the project that were written last, newest first; links and hidden folders are not followed."""
    found = []
    for folder in _folders(project):
        try:
            written = (folder / REPORT).lstat().st_mtime
        except OSError:
            continue
        found.append((written, folder))
    newest = sorted(found, key=lambda each: (-each[0], str(each[1])))[:most]
    return tuple(
        ReportFile(folder.relative_to(project).as_posix(), datetime.fromtimestamp(written, UTC).date().isoformat())
        for written, folder in newest
    )


def _folders(project: Path) -> Iterator[Path]:
    """Folders below the project, as deep as reports stand, and not without end."""
    for seen, (path, names, _) in enumerate(os.walk(project)):
        here = Path(path)
        depth = len(here.relative_to(project).parts)
        names[:] = sorted(name for name in names if not name.startswith(".")) if depth < DEEPEST else []
        if seen >= MOST_FOLDERS:
            return
        if here != project:
            yield here
