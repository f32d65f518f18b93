"""Effects of several studies, from cards or from a file, pooled, with pictures and a page where a folder is named."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError, Mistakes
from commonbeat.results.disk import refuse_existing, whole_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.estimate.pool import Gathered, PoolAccount

HEADING = "Nothing can be pooled:"
PAGE, DOCUMENT = "pool.html", "pool.json"
NO_CLAIM = "no claim"


@dataclass(frozen=True, slots=True, eq=False)
class PoolResult:
    """What was pooled, what came out, which claims it bears on, and where it was written (form -> path)."""

    gathered: Gathered
    account: PoolAccount
    claim: str
    written: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Everything as plain values."""
        from commonbeat.estimate.pool.document import document_of

        return {"claim": self.claim, **document_of(self.gathered, self.account), "written": self.written}


def pool(
    cards: Iterable[str] | str = (),
    data: str | Path | None = None,
    *,
    effect: str | None = None,
    std_error: str | None = None,
    group: str | None = None,
    study: str | None = None,
    label: str | None = None,
    moderator: str | None = None,
    claim: str | None = None,
    out: str | Path | None = None,
) -> PoolResult:
    """The effects of the cards, or of the file's rows, pooled.

    cards: names, or one text with commas. data: a file with a row for each effect; then effect and std_error name its columns, and group (subgroups),
    study (whose effect it is), label (words for tables) and moderator (a number) may. claim: which claim it bears on; left out, those that
    the cards bear on. out: a folder for the page, the pictures (SVG and PNG) and the document.
    Raises InputError with every mistake.
    """
    from commonbeat.estimate.pool import account_of, sample_of_cards, sample_of_file

    names = [name for name in ([cards] if isinstance(cards, str) else cards) if name]
    columns = {
        "effect": effect,
        "se": std_error,
        "group": group,
        "study": study,
        "label": label,
        "moderator": moderator,
    }
    _check(names, data, columns)
    if out is not None:
        refuse_existing(Path(out))
    if data is None:
        gathered = sample_of_cards(names)
    else:
        gathered = sample_of_file(
            data,
            effect=str(effect),
            std_error=str(std_error),
            group=group,
            study=study,
            label=label,
            moderator=moderator,
        )
    account = account_of(
        gathered.sample,
        moderator=gathered.moderator,
        moderator_name=moderator or "",
        warnings=[*gathered.warnings, *_left_out(gathered)],
    )
    result = PoolResult(gathered, account, claim or (_claims_of(gathered) if data is None else NO_CLAIM))
    return result if out is None else write_pool(result, Path(out))


def write_pool(result: PoolResult, folder: Path) -> PoolResult:
    """The page, the pictures and the document stand in a new folder, or nothing does.

    Raises RunFolderError when something is there already and WriteError when the disk refuses.
    """
    from commonbeat.report.pool import pool_pictures, render_pool
    from commonbeat.report.pool_chart import write_pictures

    with whole_folder(folder) as draft:
        drawn = write_pictures(pool_pictures(result.gathered, result.account, result.claim), draft)
        pictures = ", ".join(str(folder / path.name) for path in drawn)
        names = {"page": str(folder / PAGE), "document": str(folder / DOCUMENT), "pictures": pictures}
        whole = PoolResult(result.gathered, result.account, result.claim, names)
        text = json.dumps(whole.document(), ensure_ascii=False, indent=2, allow_nan=False)
        (draft / DOCUMENT).write_text(text, encoding="utf-8")
        page = render_pool(result.gathered, result.account, result.claim)
        (draft / PAGE).write_text(page, encoding="utf-8")
    return whole


def _check(names: list[str], data: str | Path | None, columns: dict[str, str | None]) -> None:
    mistakes = Mistakes()
    if names and data is not None:
        mistakes.add("cards, data", None, "are given together", "Pool cards, or the rows of a file.")
    if not names and data is None:
        mistakes.add("cards, data", None, "are both missing", "Name cards (E020,E021) or a data file.")
    if data is not None:
        for name in ("effect", "se"):
            if columns[name] is None:
                mistakes.add(name, None, "is missing", "Name the column of the data file.")
    elif names:
        for name, column in columns.items():
            if column is not None:
                mistakes.add(name, column, "names a column, and cards have none", "Leave it out, or name a data file.")
    mistakes.raise_if_any(InputError, HEADING)


def _left_out(gathered: Gathered) -> list[str]:
    """What was left out, as a warning: names for a few, a number for many."""
    gone = [f"{each.label}: {each.reason}" for each in gathered.left_out]
    if len(gone) > 5:
        return [f"{len(gone)} were left out, among them {'; '.join(gone[:3])}"]
    return [f"left out: {each}" for each in gone]


def _claims_of(gathered: Gathered) -> str:
    """The claims on which the cards bear, in order."""
    from commonbeat.claims import findings_from_evidence

    used = set(gathered.source.replace(",", "").split()[1:])
    found = {finding.claim for finding in findings_from_evidence() if finding.source in used}
    return ", ".join(sorted(found, key=lambda name: int(name[1:]))) or NO_CLAIM
