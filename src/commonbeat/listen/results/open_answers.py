"""What people wrote in their own words, for coders: no arm, no row number, and an order of chance."""

from __future__ import annotations

import csv
import io
import secrets
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.record.coding.spreadsheet import guarded

if TYPE_CHECKING:
    from commonbeat.listen.results.collected import Collected

HEADER = ("id", "source", "text")


def open_answers(collected: Collected) -> tuple[str, int]:
    """The CSV that `commonbeat record coding-sheet --texts` takes, and how many texts it holds.

    id: drawn anew each time, kept nowhere. source: the question and the wave, which the coding sheet keeps from coders. Rows stand in the order of
    the ids, so that two texts of one person do not stand together. A text that a spreadsheet would take for a formula begins with an
    apostrophe; the coding sheet's own files do the same.
    """
    wanted = collected.told.filter(pl.col("text").is_not_null() & (pl.col("text").str.strip_chars() != ""))
    about_people = {
        each.identifier
        for scale in collected.bank.scales.values()
        if scale.kind == "background"
        for each in scale.items
    }
    rows = [
        (secrets.token_hex(6), f"{item} ({wave})", text)
        for item, wave, text in wanted.select("item", "wave", "text").iter_rows()
        if item not in about_people  # how somebody names their own group is no text to be coded
    ]
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(HEADER)
    for own, source, text in sorted(rows):
        writer.writerow([own, source, guarded(text)])
    return content.getvalue(), len(rows)
