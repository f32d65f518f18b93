"""Codes that probably mean no answer, and labels that contradict their codes: said aloud, never changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from commonbeat.datafile.reading import some
from commonbeat.datafile.remark import Remark

if TYPE_CHECKING:
    from commonbeat.datafile.reading import Reading

USUAL = {
    sign * code for code in (7, 8, 9, 66, 77, 88, 97, 98, 99, 777, 888, 996, 997, 998, 999, 9999) for sign in (-1, 1)
}
LAST_DIGIT = 9  # codes of one digit stand nearer to ordinary values, and have to say more to be suspected
RATING = 30  # a column of more different values is no rating, and a 99 in it may be a 99
FEW = 90  # different values, above which a single -7 may be a -7
RANGES = 3  # how many ranges of the other values a high code stands above them
WAY_OUT = "list such codes under `missing`"
NO_ANSWER = re.compile(
    r"refus|don.?t know|do not know|\bdk\b|no answer|not answered|prefer not|rather not|not asked|not applicable|\bn/?a\b|missing|skipped|"
    r"decline|unknown|not sure what",
    re.IGNORECASE,
)


class Others(NamedTuple):
    """What a column holds besides codes: lowest and highest value, how many different ones, and the widest gap between neighbours."""

    low: float
    high: float
    kinds: int
    gap: float

    @property
    def range(self) -> float:
        """From the lowest to the highest; 1 where there is but one value."""
        return (self.high - self.low) or 1.0


def suspicious_codes(reading: Reading) -> list[Remark]:
    """A remark for each column with codes that stand far outside its other values, or that are labelled as no answer."""
    remarks = []
    for column in reading.frame.iter_columns():
        if column.dtype not in (pl.Int64, pl.Float64):
            continue
        labels = {
            float(code): f" '{label}'"
            for code, label in reading.value_labels.get(column.name, {}).items()
            if isinstance(code, int | float) and NO_ANSWER.search(label)
        }
        counts = _counts(column, USUAL | labels.keys())
        found = [code for code in counts if code in labels] or _apart(column, counts)
        if found:
            codes = some([f"{code:g}{labels.get(code, '')} in {_rows(counts[code])}" for code in found])
            remarks.append(
                Remark(f"{column.name} holds {codes}, which may mean no answer", (column.name,), tuple(found), WAY_OUT)
            )
    return remarks


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _counts(column: pl.Series, codes: set[float]) -> dict[float, int]:
    """How often each of the codes stands in the column, from the lowest; none that does not."""
    values = column.cast(pl.Float64).alias("value")
    found = values.filter(values.is_in([float(code) for code in sorted(codes)])).value_counts(name="times")
    return dict(sorted(found.iter_rows()))


def _apart(column: pl.Series, counts: dict[float, int]) -> list[float]:
    """Usual codes for no answer that stand apart from every other value."""
    usual = [code for code in counts if not 0 <= code <= LAST_DIGIT]
    values = column.cast(pl.Float64).drop_nulls()
    if not usual or len(values) == sum(counts[code] for code in usual):
        return []
    rest = values.filter(~values.is_in([float(code) for code in usual])).unique().sort()
    gap = rest.diff().max() if len(rest) > 1 else 0.0
    others = Others(rest[0], rest[-1], len(rest), float(gap or 0.0))  # pyright: ignore[reportArgumentType]
    return [code for code in usual if (_is_below if code < 0 else _is_above)(code, counts[code], others)]


def _is_below(code: float, times: int, others: Others) -> bool:
    """Whether a negative code stands alone below zero, or a range of the others below them: a quarter of one when it comes again."""
    away = others.low - code
    short = code >= -LAST_DIGIT
    if others.low >= 0:
        return not short or (others.kinds <= FEW and (times > 1 or away > 2 * others.gap))
    if short:
        return times > 1 and away >= others.range
    return away >= others.range or (times > 1 and away >= others.range / 4 and away > 3 * others.gap)


def _is_above(code: float, times: int, others: Others) -> bool:
    """Whether a high code is five times the highest value of a rating, or several ranges above the others of any column."""
    if others.kinds <= RATING and code >= 5 * max(others.high, 1):
        return True
    again = times > 1 or code > 100
    return again and code - others.high >= RANGES * others.range


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
