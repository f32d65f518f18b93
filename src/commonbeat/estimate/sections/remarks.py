"""What is odd about the data stands beside the answer, wherever the answer goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import DataAccount
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.sections.trial import Found

NO_ASSIGNMENT = "The design does not say how the arms were drawn: nothing here shows that they were drawn by chance."


def with_remarks(found: Found, remarks: tuple[str, ...]) -> Found:
    """The same sections, with the remarks among the warnings of every pre-declared estimate."""
    changed = {row: row.with_warnings(*remarks) for row in found.primary}
    sections = tuple(
        replace(section, rows=tuple(changed.get(row, row) for row in section.rows)) for section in found.sections
    )
    return replace(found, sections=sections, primary=tuple(changed.values()))


def about_the_arms(design: Design, account: DataAccount) -> tuple[str, ...]:
    """Sentences on the rows that take no part, and on arms of which nobody says how they were drawn."""
    drawn = () if design.assignment is not None else (NO_ASSIGNMENT,)
    return drawn + tuple(
        f"{count:,} of {account.rows_read:,} rows are left out: {why}" for why, count in account.dropped
    )
