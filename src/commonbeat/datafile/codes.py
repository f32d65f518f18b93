"""Codes that probably mean no answer, and labels that contradict their codes: said aloud, never changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.datafile.reading import some

if TYPE_CHECKING:
    from commonbeat.datafile.reading import Label, Reading

USUAL = {
    sign * code for code in (7, 8, 9, 66, 77, 88, 97, 98, 99, 777, 888, 996, 997, 998, 999, 9999) for sign in (-1, 1)
}
MOST_VALUES = 30  # a column of more different values is no rating, and a 99 in it may be a 99
NO_ANSWER = re.compile(
    r"refus|don.?t know|do not know|\bdk\b|no answer|not answered|prefer not|rather not|not asked|not applicable|\bn/?a\b|missing|skipped|"
    r"decline|unknown|not sure what",
    re.IGNORECASE,
)


def suspicious_codes(reading: Reading) -> list[str]:
    """A sentence for each code that stands far outside a rating's other values or is labelled as no answer."""
    sentences = []
    for column in reading.frame.iter_columns():
        if column.dtype not in (pl.Int64, pl.Float64):
            continue
        counts = (
            dict(column.drop_nulls().alias("value").value_counts(name="times").iter_rows())
            if column.n_unique() <= MOST_VALUES * 4
            else {}
        )
        found = _labelled_as_none(counts, reading.value_labels.get(column.name, {})) or _far_off(counts)
        if found:
            codes = some(
                [
                    f"{code:g}{label} in {counts[code]:,} {'row' if counts[code] == 1 else 'rows'}"
                    for code, label in found.items()
                ]
            )
            sentences.append(f"{column.name} holds {codes}, which may mean no answer; list such codes under `missing`")
    return sentences


def _labelled_as_none(counts: dict[float, int], labels: Label) -> dict[float, str]:
    return {code: f" '{labels[code]}'" for code in sorted(counts) if code in labels and NO_ANSWER.search(labels[code])}


def _far_off(counts: dict[float, int]) -> dict[float, str]:
    """Usual codes for no answer that stand apart: negative below values that are not, or a repdigit far above all the others."""
    usual = [code for code in sorted(counts) if code in USUAL]
    others = [code for code in counts if code not in USUAL or 0 <= code <= 9]
    if not usual or not others or len(others) > MOST_VALUES * 3:
        return {}
    low, high = min(others), max(others)
    below = {code: "" for code in usual if code < 0 <= low}
    above = {code: "" for code in usual if code > 9 and code >= 5 * max(high, 1) and len(others) <= MOST_VALUES}
    return below | above


def suspicious_labels(reading: Reading) -> list[str]:
    """A sentence for each column whose labels are numbers other than the codes that they stand for."""
    sentences = []
    for column, labels in reading.value_labels.items():
        odd = [f"{code} is labelled '{label}'" for code, label in labels.items() if _other_number(code, label)]
        if odd:
            sentences.append(f"{column}: {some(odd)}; the code was kept, not the number in its label")
    return sentences


def _other_number(code: object, label: str) -> bool:
    try:
        return isinstance(code, int | float) and float(label.replace(",", ".")) != code
    except ValueError:
        return False
