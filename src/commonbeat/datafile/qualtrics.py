"""What a Qualtrics export says about its responses: previews, tests, unfinished ones, and columns that identify people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from commonbeat.datafile.reading import some

if TYPE_CHECKING:
    from commonbeat.datafile.reading import Reading

# Qualtrics' own codes of Status, as its handbook lists them; exports hold either the code or the words.
STATUS = {
    0: "IP Address",
    1: "Survey Preview",
    2: "Survey Test",
    4: "Imported",
    8: "Spam",
    9: "Survey Preview Spam",
    12: "Imported Spam",
    16: "Offline",
    17: "Offline Survey Preview",
    32: "EX",
    40: "EX Spam",
    48: "EX Offline",
}
IDENTIFYING = (
    "IPAddress",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "LocationLatitude",
    "LocationLongitude",
)


def tell_qualtrics(reading: Reading) -> None:
    """The reading's warnings say what Qualtrics knows about its responses; no row is dropped."""
    status = _words(reading, "Status")
    doubtful = status.str.contains("(?i)preview|test|spam") if status is not None else None
    if doubtful is not None and doubtful.any():
        kinds = status.filter(doubtful).unique().sort().to_list() if status is not None else []
        _tell(reading, int(doubtful.sum()), f"previews, tests or spam by Status ({', '.join(kinds)})")
    channel = _words(reading, "DistributionChannel")
    if channel is not None and (previews := channel.str.contains("(?i)^(preview|test)").fill_null(value=False)).any():
        _tell(reading, int(previews.sum()), "previews or tests by DistributionChannel")
    finished = _words(reading, "Finished")
    if finished is not None and (unfinished := finished.str.contains("(?i)^(false|0)$").fill_null(value=False)).any():
        _tell(reading, int(unfinished.sum()), "unfinished by Finished", "left")
    identifying = [name for name in IDENTIFYING if name in reading.frame.columns and not _is_empty(reading, name)]
    if identifying:
        reading.tell(f"columns that identify people: {some(identifying, 6)}; take them out before you share the file")


def _tell(reading: Reading, count: int, what: str, verb: str = "kept") -> None:
    are = "response is" if count == 1 else "responses are"
    ending = "it was kept" if count == 1 else "they were kept"
    advice = "" if verb == "left" else "; take test responses out before you estimate"
    reading.tell(f"{count:,} {are} {what}; {ending}{advice}")


def _words(reading: Reading, column: str) -> pl.Series | None:
    """The column as words, its codes replaced by what they mean."""
    if column not in reading.frame.columns:
        return None
    values = reading.frame[column]
    if values.dtype == pl.Int64 and column == "Status":
        known = {code: words for code, words in STATUS.items() if code in set(values.drop_nulls())}
        reading.value_labels[column] = dict(known)
        return values.replace_strict(STATUS, default=None, return_dtype=pl.String)
    return values.cast(pl.String)


def _is_empty(reading: Reading, column: str) -> bool:
    return reading.frame[column].null_count() == reading.frame.height
