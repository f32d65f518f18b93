"""Codes that probably mean no answer, and labels that contradict their codes: said aloud, never changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.datafile.reading import some
from commonbeat.datafile.remark import Remark

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


def suspicious_codes(reading: Reading) -> list[Remark]:
    """A remark for each column with codes that stand far outside its other values, or that are labelled as no answer."""
    remarks = []
    for column in reading.frame.iter_columns():
        if column.dtype not in (pl.Int64, pl.Float64) or column.n_unique() > MOST_VALUES * 4:
            continue
        counts = dict(column.drop_nulls().alias("value").value_counts(name="times").iter_rows())
        found = _labelled_as_none(counts, reading.value_labels.get(column.name, {})) or _far_off(counts)
        if found:
            codes = some([f"{code:g}{label} in {_rows(counts[code])}" for code, label in found.items()])
            sentence = f"{column.name} holds {codes}, which may mean no answer; list such codes under `missing`"
            remarks.append(Remark(sentence, (column.name,), tuple(found)))
    return remarks


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


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


def suspicious_labels(reading: Reading) -> list[Remark]:
    """A remark for each column whose labels are numbers other than the codes that they stand for."""
    remarks = []
    for column, labels in reading.value_labels.items():
        odd = [f"{code} is labelled '{label}'" for code, label in labels.items() if _other_number(code, label)]
        if odd:
            sentence = f"{column}: {some(odd)}; the code was kept, not the number in its label"
            remarks.append(Remark(sentence, (column,)))
    return remarks


def _other_number(code: object, label: str) -> bool:
    try:
        return isinstance(code, int | float) and float(label.replace(",", ".")) != code
    except ValueError:
        return False
