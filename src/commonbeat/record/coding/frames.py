"""How often officers and children are spoken of in each frame: over time, by source, and before and after a day.

A text has a frame when more of its coders say yes than no. Where they are even, the text is disputed: it is in no share, and the share is told with the bounds that
it would have if all disputed texts were no, or yes. Writers are never counted or named; where they are people, cells of fewer than ten texts are put together
with the next smallest until none is left that small.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.record.coding.agreement import TENTATIVE
from commonbeat.record.coding.alpha import alpha, value_counts
from commonbeat.record.coding.shares import Estimate, change_of, mean_of, share_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from commonbeat.record.coding.ratings import Ratings
    from commonbeat.record.coding.sheet import Sheet

FEWEST_TEXTS: Final = 10
FEW_SOURCES: Final = 10
ALL, TOGETHER = "all texts", "small cells together"
PERIODS: Final = {"year": "%Y", "month": "%Y-%m", "week": "%G-W%V", "day": "%Y-%m-%d"}


class TextFacts(NamedTuple):
    """What the index tells of one text; "" and None where it does not. outlet: whether its writer is an outlet and no person."""

    source: str = ""
    date: dt.date | None = None
    outlet: bool = False


class FrameCount(NamedTuple):
    """One frame in one cell. share: of the texts that have it among those not disputed, or, for a tone, the mean. bounds: the share with all disputed texts no, or yes."""

    code: str
    cell: str
    texts: int
    seen: int
    disputed: int
    share: Estimate
    bounds: tuple[float, float]


class FrameChange(NamedTuple):
    """One frame before and after a day. A tone is told as a mean from -1 to 1, everything else as a share."""

    code: str
    before: FrameCount
    after: FrameCount
    change: Estimate


@dataclass(frozen=True, slots=True)
class Frames:
    """All counts: over all texts, by cell, and the change. tones: the codes that are told as means; reliability: alpha by code, NaN where unknown.

    one_coder: by code, how many of all texts rest on the judgement of one coder.
    """

    texts: int
    coders: tuple[str, ...]
    totals: tuple[FrameCount, ...]
    cells: tuple[FrameCount, ...]
    changes: tuple[FrameChange, ...]
    tones: frozenset[str]
    reliability: dict[str, float]
    one_coder: dict[str, int]
    warnings: tuple[str, ...]


class _Coded(NamedTuple):
    """One code: a value per text (NaN where disputed), and which texts were coded at all."""

    code: str
    tone: bool
    units: list[str]
    values: NDArray[np.float64]


def count_frames(
    ratings: Sequence[Ratings],
    facts: Mapping[str, TextFacts],
    sheet: Sheet,
    *,
    by: str = "",
    before: dt.date | None = None,
) -> Frames:
    """The counts of every code that is a yes or no, or a tone. by: "source" or a word of PERIODS; "" for no cells."""
    coded = [each for each in (_resolved(one, sheet) for one in ratings) if each is not None]
    reliability = _reliability(ratings, {each.code for each in coded})
    units = sorted({unit for each in coded for unit in each.units})
    warnings = _warnings(units, facts, by, before)
    told = {unit: facts.get(unit, TextFacts()) for unit in units}
    people = any(not fact.outlet for fact in told.values())
    fewest = FEWEST_TEXTS if people else 1
    if len(units) < fewest:
        warnings.append(f"Fewer than {FEWEST_TEXTS} texts were coded: nothing is printed of texts that people wrote.")
        coded = []
    totals, cells, changes = [], [], []
    for each in coded:
        names = _cells_of(each.units, told, by, fewest, warnings) if by else {}
        inside: dict[str, list[str]] = {}
        for unit, cell in names.items():
            inside.setdefault(cell, []).append(unit)
        ordered = sorted(inside, key=lambda cell: (cell == TOGETHER, cell))
        cells.extend(_count(each, cell, inside[cell], told) for cell in ordered if len(inside[cell]) >= fewest)
        changed = before is not None and _may_split(each.units, told, before, names, by, fewest, warnings)
        if before is not None and changed:
            changes.append(_change(each, told, before))
        if _may_total(each, told, fewest, warnings, changed=changed):
            totals.append(_count(each, ALL, each.units, told))
    alone = {
        each.code: int(((each.given >= 0).sum(axis=1) == 1).sum())
        for each in ratings
        if each.code in {total.code for total in totals}
    }
    warnings += [*_alone(alone, totals), *_uncounted(ratings, reliability), *_doubts(reliability, len(changes))]
    return Frames(
        texts=len(units),
        coders=tuple(sorted({coder for one in ratings for coder in one.coders})),
        totals=tuple(totals),
        cells=tuple(cells),
        changes=tuple(changes),
        tones=frozenset(each.code for each in coded if each.tone),
        reliability=reliability,
        one_coder=alone,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _resolved(ratings: Ratings, sheet: Sheet) -> _Coded | None:
    """What each text is taken to be, or None for a code that is neither yes or no nor a tone."""
    code = sheet.code(ratings.code)
    given = ratings.given
    there = given >= 0
    if code is not None and code.tone:
        values = np.where(there, np.array(code.tone)[np.maximum(given, 0)], 0.0).sum(axis=1) / there.sum(axis=1)
        return _Coded(ratings.code, True, list(ratings.units), values)
    if [value.casefold() for value in ratings.values] != ["no", "yes"]:
        return None
    lead = (given == 1).sum(axis=1) - (given == 0).sum(axis=1)
    return _Coded(ratings.code, False, list(ratings.units), np.where(lead == 0, np.nan, lead > 0).astype(float))


def _cells_of(
    units: Sequence[str], told: Mapping[str, TextFacts], by: str, fewest: int, warnings: list[str]
) -> dict[str, str]:
    """The cell of each text; those that are too small stand together, with the next smallest where that is still too small."""
    untold = f"no {by} told"
    names = dict.fromkeys(units, untold)
    for unit in units:
        date = told[unit].date
        if by == "source" and told[unit].source:
            names[unit] = told[unit].source
        elif by in PERIODS and date is not None:
            names[unit] = date.strftime(PERIODS[by])
    sizes = Counter(names.values())
    small = {cell for cell, size in sizes.items() if size < fewest}
    together = sum(sizes[cell] for cell in small)
    for cell in sorted(sizes, key=lambda cell: (sizes[cell], cell)):
        if not small or together >= fewest:
            break
        if cell not in small:
            small.add(cell)
            together += sizes[cell]
    if small:
        warnings.append(f"Cells of fewer than {FEWEST_TEXTS} texts are not told apart, because people wrote them.")
    return {unit: TOGETHER if cell in small else cell for unit, cell in names.items()}


def _sources(units: Sequence[str], told: Mapping[str, TextFacts]) -> NDArray[np.int64] | None:
    """The number of each text's source; a text without one is a source of its own; None where no source is known."""
    if not any(told[unit].source for unit in units):
        return None
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(told[unit].source or f"text {unit}", len(numbers)) for unit in units])


def _count(each: _Coded, cell: str, units: Sequence[str], told: Mapping[str, TextFacts]) -> FrameCount:
    inside = set(units)
    rows = np.array([row for row, unit in enumerate(each.units) if unit in inside], dtype=np.int64)
    values = each.values[rows]
    clear = ~np.isnan(values)
    kept = [each.units[row] for row in rows[clear]]
    estimate = (mean_of if each.tone else share_of)(values[clear], _sources(kept, told))
    seen = 0 if each.tone else int(values[clear].sum())
    disputed = int((~clear).sum())
    bounds = (seen / max(len(rows), 1), (seen + disputed) / max(len(rows), 1))
    return FrameCount(each.code, cell, len(rows), seen, disputed, estimate, bounds)


def _may_split(
    units: Sequence[str],
    told: Mapping[str, TextFacts],
    before: dt.date,
    names: Mapping[str, str],
    by: str,
    fewest: int,
    warnings: list[str],
) -> bool:
    """Whether the day parts the texts so that neither a part nor the rest of a printed period is too small.

    Texts without a date are a rest too: where cells are printed, all cells less both sides are the texts without one.
    """
    dates = {unit: date for unit in units if (date := told[unit].date) is not None}
    periods = names if by in PERIODS else {}
    parts = Counter((periods.get(unit, ""), date < before) for unit, date in dates.items())
    sides = Counter(date < before for date in dates.values())
    rest = len(units) - len(dates)
    allowed = min(sides[True], sides[False]) >= max(fewest, 2) and all(size >= fewest for size in parts.values())
    if by and 0 < rest < fewest:
        allowed = False
    if not allowed:
        warnings.append(
            f"Before or after {before}, in the part of a period that it cuts off, or without a date beside cells stand too few texts: no change "
            "is printed."
        )
    return allowed


def _may_total(each: _Coded, told: Mapping[str, TextFacts], fewest: int, warnings: list[str], *, changed: bool) -> bool:
    """Whether a count of all texts tells of no few: neither themselves, nor those without a date, as the rest of a change."""
    undated = sum(told[unit].date is None for unit in each.units)
    if len(each.units) < fewest:
        warnings.append(f"Fewer than {FEWEST_TEXTS} texts were coded for {each.code}: nothing is printed of it.")
        return False
    if changed and 0 < undated < fewest:
        warnings.append(
            f"Fewer than {FEWEST_TEXTS} texts have no date: no count of all texts is printed beside a change."
        )
        return False
    return True


def _alone(alone: Mapping[str, int], totals: Sequence[FrameCount]) -> list[str]:
    """A sentence where texts rest on one coder: they count like those that several coded."""
    sizes = {each.code: each.texts for each in totals}
    told = [f"{code} {count} of {sizes[code]}" for code, count in alone.items() if count]
    return [f"Texts that rest on one coder, and count like those of several: {', '.join(told)}."] if told else []


def _uncounted(ratings: Sequence[Ratings], counted: Mapping[str, float]) -> list[str]:
    """A sentence where codes were given that are no frame."""
    others = sorted({one.code for one in ratings} - set(counted))
    return (
        [f"Not counted, because the values are neither yes and no nor a tone: {', '.join(others)}."] if others else []
    )


def _change(each: _Coded, told: Mapping[str, TextFacts], before: dt.date) -> FrameChange:
    dated = [(unit, date) for unit in each.units if (date := told[unit].date) is not None]
    earlier, later = [unit for unit, date in dated if date < before], [unit for unit, date in dated if date >= before]
    place = {unit: row for row, unit in enumerate(each.units)}
    clear = [unit for unit, _ in dated if not np.isnan(each.values[place[unit]])]
    values = each.values[[place[unit] for unit in clear]]
    after = np.isin(np.array(clear, dtype=str), np.array(later, dtype=str))
    change = change_of(values, after, _sources(clear, told), binary=not each.tone)
    first, second = (
        _count(each, cell, inside, told) for cell, inside in ((f"before {before}", earlier), (f"from {before}", later))
    )
    return FrameChange(each.code, first, second, change)


def _reliability(ratings: Sequence[Ratings], counted: set[str]) -> dict[str, float]:
    return {
        one.code: alpha(value_counts(one.given, len(one.values)), one.scores, one.level)
        for one in ratings
        if one.code in counted
    }


def _doubts(reliability: Mapping[str, float], changes: int) -> list[str]:
    """A sentence on codes that coders do not agree on, and one on what chance alone does to a list of changes."""
    said = []
    if reliability and all(np.isnan(value) for value in reliability.values()):
        said.append(
            "Alpha cannot be computed for any code (one coder, or one value only): nobody knows how reliable these counts are."
        )
    weak = [f"{code} ({value:.2f})" for code, value in reliability.items() if value < TENTATIVE]
    if weak:
        said.append(
            f"Coders agree too little on {', '.join(weak)}: by convention an alpha below .667 carries no conclusion, and disagreement of this "
            "kind also hides changes."
        )
    if changes > 1:
        said.append(
            f"{changes} changes are looked at: without any change, {0.05 * changes:.1f} of them would still lie beyond their intervals."
        )
    return said


def _warnings(units: Sequence[str], facts: Mapping[str, TextFacts], by: str, before: dt.date | None) -> list[str]:
    said = []
    strangers = [unit for unit in units if unit not in facts]
    if strangers and facts:
        said.append(
            f"{len(strangers)} coded texts are not in the index, such as {strangers[0]}: nothing is known of them."
        )
    sources = {facts[unit].source for unit in units if unit in facts and facts[unit].source}
    if 1 < len(sources) < FEW_SOURCES:
        said.append(f"The texts come from {len(sources)} sources: intervals over so few are rough.")
    elif len(sources) <= 1:
        said.append(
            "No sources are told apart, so every text counts as independent. Texts of one thread or outlet are not."
        )
    if (before is not None or by in PERIODS) and not any(facts[unit].date for unit in units if unit in facts):
        said.append("No text has a date in the index.")
    return said
