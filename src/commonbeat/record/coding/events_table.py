"""Marks in data files: one row per mark, with clip, coder, code, start and, for stretches, end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commonbeat.errors import CodingError, Mistakes
from commonbeat.record.coding.codes_table import HEADING, NAMES, Table
from commonbeat.record.coding.event import CodedEvent, CodedFile
from commonbeat.record.coding.spreadsheet import unguarded

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_marks(tables: Sequence[Table]) -> CodedFile:
    """All marks of the files. Raises CodingError with every row that is none.

    Every coder is taken to have observed every clip of a file in which a mark of theirs stands; who saw a clip and marked nothing writes a row without a
    code. The coder is a column, or the file's name.
    """
    found = Mistakes()
    events: list[CodedEvent] = []
    observed: dict[tuple[str, str], None] = {}
    for table in tables:
        if not table.has("clip"):
            found.add(
                table.file.name,
                None,
                "does not say on which clip the marks are",
                f"Add a column: {', '.join(NAMES['clip'])}.",
            )
            continue
        clips, coders = set(), set()
        for row in range(table.file.rows):
            event = _event(table, row, found)
            clips.add(event.clip)
            coders.add(event.coder)
            if event.code:
                events.append(event)
        observed |= {(clip, coder): None for clip in sorted(clips - {""}) for coder in sorted(coders - {""})}
    found.raise_if_any(CodingError, HEADING)
    return CodedFile(tuple(events), tuple(observed), {})


def _event(table: Table, row: int, found: Mistakes) -> CodedEvent:
    place = table.file.place(row, table.columns["code"])
    clip, code = unguarded(table.get(row, "clip")), unguarded(table.get(row, "code")).casefold()
    coder = unguarded(table.get(row, "coder")) or ("" if table.has("coder") else table.coder)
    start_s, end_s = table.seconds(row, "start", found), table.seconds(row, "end", found)
    for word, held in (("clip", clip), ("coder", coder)):
        if not held:
            found.add(place, None, f"is a mark whose {word} is blank", f"Fill in the {word}.")
    if code and math.isnan(start_s) and not table.get(row, "start"):
        found.add(place, code, "is a mark without a time", "Fill in the start.")
    if end_s < start_s:
        found.add(place, code, f"ends at {end_s:g} s, before it begins at {start_s:g} s", "Swap or mend the times.")
    others = {name.strip().casefold(): name for name in table.file.frame.columns}
    subject, value, comment = (
        unguarded(table.text(row, others[name])) if name in others else ""
        for name in ("subject", "modifier", "comment")
    )
    return CodedEvent(
        clip, coder, code, start_s, start_s if math.isnan(end_s) else end_s, subject, value, comment, place
    )
