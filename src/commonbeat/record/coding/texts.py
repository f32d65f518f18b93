"""Texts to be coded without knowing whose they are: one file per coder, each in an order of its own, and an index that no coder gets.

What a coder gets is an id and the text. Columns of authors, handles, sources, dates and counts stay behind. In the text itself, @handles, addresses of
mail and links are replaced, because they name people; names written out in words cannot be found and stay. Ids are drawn anew, so that neither the
id nor the order tells where a text comes from.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.errors import CodingError, Mistakes, did_you_mean
from commonbeat.record.coding.spreadsheet import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.datafile import DataFile
    from commonbeat.record.coding.sheet import Sheet

HEADING: Final = "The texts cannot be used as they stand:"
COLUMNS: Final = {
    "text": ("text", "comment", "headline", "post", "body", "content", "message", "title", "tweet"),
    "source": ("source", "outlet", "platform", "channel", "site", "publication"),
    "date": ("date", "published", "created_at", "timestamp", "day", "time"),
    "authors": ("authors", "author_kind"),
}
MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
HANDLE: Final = re.compile(r"(?<![\w@])@\w[\w.]{0,63}")
MOST_TEXTS, MOST_CODERS = 200_000, 50


class BlindTexts(NamedTuple):
    """What is written for a coding of texts.

    files: content by file name: one per coder, and the index (text_id, row, source, date, authors) for whoever counts. masked: how many handles,
    addresses and links were replaced. left_behind: columns that nobody gets.
    """

    files: dict[str, str]
    texts: int
    masked: int
    left_behind: tuple[str, ...]
    warnings: tuple[str, ...]


def blind_texts(file: DataFile, sheet: Sheet, coders: int, seed: int, text_column: str | None = None) -> BlindTexts:
    """The files of `coders` coders. Raises CodingError when there is no text to code, or too much."""
    columns = _columns(file, text_column)
    found = Mistakes()
    if sheet.about != "texts":
        found.add("sheet", sheet.about, "is about clips", "Give a sheet about texts.")
    if "text" not in columns:
        way_out = (
            did_you_mean(text_column, file.frame.columns) if text_column else f"Known: {', '.join(COLUMNS['text'])}."
        )
        found.add(file.name, text_column, "has no such column of texts", way_out)
    if not 1 <= coders <= MOST_CODERS:
        found.add("--coders", coders, f"is not from 1 to {MOST_CODERS}", "Two is usual.")
    if file.rows > MOST_TEXTS:
        found.add(file.name, file.rows, f"are more than {MOST_TEXTS:,} rows", "Draw a sample of texts first.")
    found.raise_if_any(CodingError, HEADING)
    rows, texts, masked, warnings = _masked(file, columns["text"])
    found = Mistakes()
    if not rows:
        found.add(file.name, None, "has no text in any row", "Is it the right column?")
    found.raise_if_any(CodingError, HEADING)
    luck = np.random.default_rng(seed)
    ids = [f"t{number:0{len(str(len(rows)))}d}" for number in luck.permutation(len(rows)) + 1]
    files = {
        f"coder-{number}.csv": _coder_file([(ids[place], texts[place]) for place in luck.permutation(len(rows))], sheet)
        for number in range(1, coders + 1)
    }
    files["index.csv"] = _index(file, columns, rows, ids)
    left = tuple(name for name in file.frame.columns if name not in columns.values())
    return BlindTexts(files, len(rows), masked, left, warnings)


def _columns(file: DataFile, text_column: str | None) -> dict[str, str]:
    lower = {name.strip().casefold().replace(" ", "_"): name for name in reversed(file.frame.columns)}
    columns = {word: next((lower[name] for name in names if name in lower), "") for word, names in COLUMNS.items()}
    if text_column is not None:
        columns["text"] = text_column if text_column in file.frame.columns else ""
    return {word: name for word, name in columns.items() if name}


def _masked(file: DataFile, column: str) -> tuple[list[int], list[str], int, tuple[str, ...]]:
    """The rows that hold a text, their texts without handles, how many were replaced, and what was left out."""
    rows, texts, masked, seen = [], [], 0, set()
    blank, twice = 0, 0
    for row, value in enumerate(file.frame[column].to_list()):
        text = "" if value is None else file.label(column, value).strip()
        blank += not text
        if text:
            twice += text in seen
            seen.add(text)
            for pattern, word in ((LINK, "[link]"), (MAIL, "[address]"), (HANDLE, "@someone")):
                text, count = pattern.subn(word, text)
                masked += count
            rows.append(row)
            texts.append(text)
    warnings = [f"{blank} rows without a text were left out."] if blank else []
    if twice:
        warnings.append(f"{twice} texts are the same as an earlier one. They stay: each is coded, and each counts.")
    return rows, texts, masked, tuple(warnings)


def _coder_file(texts: Sequence[tuple[str, str]], sheet: Sheet) -> str:
    """The rows that one coder fills. A text that a spreadsheet would take for a formula begins with an apostrophe."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(["text_id", "text", *(code.name for code in sheet.codes), "comment"])
    blanks = [""] * (len(sheet.codes) + 1)
    for own, text in texts:
        writer.writerow([own, guarded(text), *blanks])
    return content.getvalue()


def _index(file: DataFile, columns: dict[str, str], rows: Sequence[int], ids: Sequence[str]) -> str:
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    kept = [word for word in ("source", "date", "authors") if word in columns]
    writer.writerow(["text_id", "row", *kept])
    lists = {word: file.frame[columns[word]].to_list() for word in kept}
    for own, row in sorted(zip(ids, rows, strict=True)):
        cells = ["" if lists[word][row] is None else file.label(columns[word], lists[word][row]) for word in kept]
        writer.writerow([own, int(file.row_numbers[row]), *(guarded(cell) for cell in cells)])
    return content.getvalue()
