"""A study's data as bytes of a kind: CSV, Parquet, SPSS."""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.listen.results.variable import MISSING, NOT_ASKED, SKIPPED, Variable
from commonbeat.record.coding.spreadsheet import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_NAME, LONGEST_LABEL, LONGEST_VALUE_LABEL = (
    64,
    250,
    118,
)  # bytes that SPSS allows, with room to spare in the last two


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """UTF-8 with a header, whole numbers without decimals; a text that a spreadsheet would take for a formula has an apostrophe before it, and one more where some stand already.

    Taking off one apostrophe before a formula's sign gives every text back as it was written (`spreadsheet.unguarded`).
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = [
        pl.Series(name, [None if text is None else guarded(text) for text in frame[name].to_list()], dtype=pl.String)
        for name in texts
    ]
    return frame.with_columns(*safe, *_whole(frame)).write_csv().encode("utf-8")


def _whole(frame: pl.DataFrame) -> list[pl.Series]:
    """The columns of numbers in which every one is whole, without decimals: an answer is the 4 of its codebook, not 4.0."""
    numbers = [frame[name] for name, kind in frame.schema.items() if kind == pl.Float64]
    return [each.cast(pl.Int64) for each in numbers if each.drop_nulls().is_finite().all() and (each % 1 == 0).all()]


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Parquet with zstd; texts stand as they were written, since no spreadsheet opens it."""
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd")
    return content.getvalue()


def sav_bytes(frame: pl.DataFrame, variables: Sequence[Variable]) -> bytes:
    """An SPSS file: questions as variable labels, answers as value labels, and the codes for no answer declared missing.

    frame: numbers with their codes for no answer (`Wide.coded`). A name that is too long for SPSS is cut and ends in eight letters of its own.
    """
    import pyreadstat

    by_name = {each.name: each for each in variables}
    names = {name: spss_name(name) for name in frame.columns}
    coded = [name for name, each in by_name.items() if name in names and each.item and each.kind == "number"]
    labels = {
        names[name]: _value_labels(by_name[name], coded=name in coded)
        for name in names
        if by_name[name].kind == "number"
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.sav"
        texts = [pl.col(name).fill_null("") for name, kind in frame.schema.items() if kind == pl.String]
        pyreadstat.write_sav(
            frame.with_columns(texts).rename(names),  # pyright: ignore[reportArgumentType] - the reader's stub has a frame of its own
            str(path),
            column_labels={names[name]: _cut(by_name[name].label, LONGEST_LABEL) for name in names},
            variable_value_labels={name: words for name, words in labels.items() if words},
            missing_ranges={names[name]: [{"lo": SKIPPED, "hi": NOT_ASKED}] for name in coded},
            row_compress=True,
        )
        return path.read_bytes()


def spss_name(name: str) -> str:
    """The name, cut to what SPSS allows; two long names that begin alike stay two."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _value_labels(each: Variable, *, coded: bool) -> dict[float, str]:
    own = {float(code): _cut(words, LONGEST_VALUE_LABEL) for code, words in each.labels.items()}
    return own | ({float(code): words for code, words in MISSING.items()} if coded else {})


def _cut(text: str, most: int) -> str:
    """The text on one line, in at most so many bytes."""
    return " ".join(text.split()).encode()[:most].decode(errors="ignore")
