"""A record's rows are taken out of a table that holds others too."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from commonbeat.errors import CommonBeatError

if TYPE_CHECKING:
    from pathlib import Path


def erase_rows(path: Path, identifier: str) -> str:
    """The file holds nothing of the record, and is gone where it held nothing else; returns why not, "" when so."""
    from commonbeat.results.disk import write_whole
    from commonbeat.storage.erase import erase, zero

    if path.is_symlink():
        if not path.exists():
            return "; ".join(reason for _, reason in erase(path))
        path = path.resolve()  # the file is rewritten, and the link to it stays one
    try:
        text = path.read_text(encoding="utf-8-sig")
        rest = _without(text, identifier) if path.suffix.lower() == ".csv" else _without_json(text, identifier)
        if not rest:
            return "; ".join(reason for _, reason in erase(path))
        with path.open("r+b") as old:  # stays open on the old content, which is overwritten after the new stands
            write_whole(path, rest.encode("utf-8"))
            zero(old.fileno())
    except (OSError, ValueError, KeyError, csv.Error, CommonBeatError) as error:
        return f"holds other records too and could not be rewritten ({error})"
    return ""


def _without(text: str, identifier: str) -> str:
    """The CSV without the record's rows, its other cells as they were; "" when only the columns would be left."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    column = [cell.strip() for cell in rows[0]].index("identifier")
    rest = [row for row in rows[1:] if row and row[column].strip() != identifier]
    if not rest:
        return ""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([rows[0], *rest])
    return out.getvalue()


def _without_json(text: str, identifier: str) -> str:
    """The JSON list without the record; "" when it would be empty."""
    rest = [each for each in json.loads(text) if each["identifier"] != identifier]
    return json.dumps(rest, ensure_ascii=False, indent=2) + "\n" if rest else ""
