"""The tone of an encounter as coders judged it, from the codes of a sheet that say something about tone."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.record.coding.ratings import Ratings
    from commonbeat.record.coding.sheet import Sheet
    from commonbeat.record.parts import Rating


PEOPLE: Final = frozenset(
    (
        "subject",
        "subjects",
        "person",
        "people",
        "participant",
        "who",
        "whose",
        "whom",
        "officer",
        "child",
        "adult",
        "name",
        "badge",
        "slot",
    )
)
SLOT: Final = re.compile(r"(officer|child|adult)s?[ _-]*\d", re.IGNORECASE)


class JudgedTone(NamedTuple):
    """mean: from -1 (hostile) to 1 (respectful), of the coders' own means; sd: between those; coders: how many judged; judgements: how many codes they gave."""

    mean: float
    sd: float
    coders: int
    judgements: int

    def rating(self) -> Rating | None:
        """The tone as one entry of a record's `tone.by_coders`, or None where nobody judged it."""
        from commonbeat.record.parts import Rating

        if self.coders == 0:
            return None
        sd = None if math.isnan(self.sd) else self.sd
        return Rating(
            judged_by="coder", scale_low=-1.0, scale_high=1.0, neutral=0.0, mean=self.mean, sd=sd, n=self.coders
        )


def rates_one_person(ratings: Ratings, sheet: Sheet | None, by: str | None) -> bool:
    """Whether the share of each value would tell how one person was judged: a code of tone, told apart by who was seen."""
    code = None if sheet is None else sheet.code(ratings.code)
    if code is None or not code.tone or not by:
        return False
    column = set(re.split(r"[\W_]+", by.casefold()))
    return bool(column & PEOPLE) or SLOT.match(ratings.group) is not None


def tone_of_codes(ratings: Iterable[Ratings], sheet: Sheet) -> JudgedTone:
    """The tone that each coder judged, then their mean and spread; all NaN where nobody judged any.

    A coder's tone of a code is the mean over units; where a coder judged several codes of tone, such as respect and hostility, the mean over those. A coder
    counts once, however long the clip: intervals of one clip are no independent judgements. sd is NaN for one coder.
    """
    by_coder: dict[str, list[float]] = {}
    judgements = 0
    for each in ratings:
        code = sheet.code(each.code)
        if code is None or not code.tone:
            continue
        tones = np.array(code.tone)
        for column, coder in enumerate(each.coders):
            given = each.given[:, column]
            given = given[given >= 0]
            judgements += len(given)
            if len(given):
                by_coder.setdefault(coder, []).append(float(tones[given].mean()))
    means = [float(np.mean(parts)) for parts in by_coder.values()]
    if not means:
        return JudgedTone(math.nan, math.nan, 0, 0)
    return JudgedTone(
        float(np.mean(means)), float(np.std(means, ddof=1)) if len(means) > 1 else math.nan, len(means), judgements
    )
