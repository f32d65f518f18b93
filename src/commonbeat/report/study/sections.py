"""The sections after the two pages: every method's rows as a table, its curves as pictures, its notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.report.study.curves import picture

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import Curve, Section
    from commonbeat.estimate.row import Estimate
    from commonbeat.report.chart import Picture
    from commonbeat.report.study.study import Study


@dataclass(frozen=True, slots=True)
class Told:
    """One section as it is shown: rows with the numbers of their warnings, the warnings once each, pictures."""

    section: Section
    rows: tuple[tuple[Estimate, str], ...]
    warnings: tuple[str, ...]
    pictures: tuple[Picture, ...]
    has_clusters: bool

    @staticmethod
    def mark(place: int) -> str:
        """The letter of a warning."""
        return letter(place)


def told(study: Study) -> tuple[Told, ...]:
    """Every section that holds anything, in the order of the analysis."""
    found = (tell(study, section) for section in study.analysis.sections)
    return tuple(one for one in found if one.rows or one.pictures or one.section.notes)


def tell(study: Study, section: Section) -> Told:
    """One section; a warning that many rows share is printed once and named by a letter."""
    warnings = tuple(dict.fromkeys(warning for row in section.rows for warning in row.warnings))
    rows = tuple((row, " ".join(letter(warnings.index(one)) for one in row.warnings)) for row in section.rows)
    drawn = tuple(shown for name, curve in named(section) if (shown := picture(study, curve, name)) is not None)
    return Told(section, rows, warnings, drawn, any(row.clusters is not None for row in section.rows))


def named(section: Section) -> list[tuple[str, Curve]]:
    """The section's curves, each under a name that no other picture of the page has and that files and links may have."""
    plain = [re.sub(r"[^\w-]+", "-", f"{section.key}-{curve.name}") for curve in section.curves]
    return [
        (name if name not in plain[:place] else f"{name}-{place + 1}", curve)
        for place, (name, curve) in enumerate(zip(plain, section.curves, strict=True))
    ]


def beside_primary(study: Study) -> tuple[Estimate, ...]:
    """Of every section the first row that the chart of primary estimates and groups does not show already."""
    shown = {*study.analysis.primary, *study.analysis.by_group}
    found = (next((row for row in section.rows if row not in shown), None) for section in study.analysis.sections)
    return tuple(row for row in found if row is not None)


def letter(place: int) -> str:
    """a, b, ..., z, aa, ab, ...: footnote marks that are no figures."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return alphabet[place] if place < len(alphabet) else letter(place // 26 - 1) + alphabet[place % 26]


def all_warnings(study: Study) -> tuple[str, ...]:
    """What is odd about the data, and the warnings of the primary estimates and of the groups, each once."""
    rows = (*study.analysis.primary, *study.analysis.by_group)
    shown = (warning for row in rows if row.estimate is not None for warning in row.warnings)
    return tuple(dict.fromkeys([*study.analysis.data.warnings, *shown]))
