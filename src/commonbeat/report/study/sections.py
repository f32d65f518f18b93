"""The sections after the two pages: every method's rows as a table, its curves as pictures, its notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.report.study.curves import picture
from commonbeat.report.study.effects import group_tests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from commonbeat.estimate.analysis import Curve, Section
    from commonbeat.estimate.row import Estimate
    from commonbeat.report.chart import Picture
    from commonbeat.report.study.study import Study


ON_ONE = ("The finding hangs on a single ", "The finding turns on a single ")


@dataclass(frozen=True, slots=True)
class Told:
    """One section as it is shown: rows with the letters of their warnings, the warnings once each, pictures.

    Of warnings and notes that stand among the weaknesses already, rows only say that there are some ("above"). leads: whether the first picture is
    the one that everybody wants, which then stands beside the answer.
    """

    section: Section
    rows: tuple[tuple[Estimate, str, bool], ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    pictures: tuple[Picture, ...]
    has_clusters: bool
    leads: bool

    @property
    def first(self) -> tuple[Picture, ...]:
        """The picture that stands beside the answer."""
        return self.pictures[:1] if self.leads else ()

    @property
    def rest(self) -> tuple[Picture, ...]:
        """The pictures of the folded section."""
        return self.pictures[len(self.first) :]

    @staticmethod
    def mark(place: int) -> str:
        """The letter of a warning."""
        return letter(place)


def told(study: Study) -> tuple[Told, ...]:
    """Every section that holds anything, in the order of the analysis."""
    said = {bare(sentence) for sentence in study.analysis.weaknesses}
    found = (tell(study, section, said) for section in study.analysis.sections)
    return tuple(one for one in found if one.rows or one.pictures or one.section.notes)


def tell(study: Study, section: Section, said: set[str]) -> Told:
    """One section; a warning that many rows share is printed once and named by a letter. said: what the page has told above."""
    warnings = once((warning for row in section.rows for warning in row.warnings), said)
    places = {bare(warning): place for place, warning in enumerate(warnings)}
    rows = tuple(
        (row, " ".join(letter(places[bare(one)]) for one in row.warnings if bare(one) in places), above(row, said))
        for row in section.rows
    )
    drawn = tuple(shown for name, curve in named(section) if (shown := picture(study, curve, name)) is not None)
    clustered = any(row.clusters is not None for row in section.rows)
    notes = once(section.notes, {*said, *places})
    return Told(section, rows, warnings, notes, drawn, clustered, over_time(study, section))


def over_time(study: Study, section: Section) -> bool:
    """Whether time does the comparing and the section holds a main estimate: a series, a roll-out, a synthetic twin."""
    return study.design.treatment is None and any(row in study.analysis.primary for row in section.rows)


def bare(sentence: str) -> str:
    """What tells two sentences apart; a full stop does not."""
    return sentence.strip().rstrip(".")


def once(sentences: Iterable[str], said: Collection[str] = ()) -> tuple[str, ...]:
    """Every sentence that was not said, the first time that it comes."""
    found: dict[str, str] = {}
    for sentence in sentences:
        found.setdefault(bare(sentence), sentence)
    return tuple(sentence for key, sentence in found.items() if key not in said)


def above(row: Estimate, said: set[str]) -> bool:
    """Whether some of a row's warnings stand among the weaknesses."""
    return any(bare(one) in said for one in row.warnings)


def weaknesses(study: Study) -> tuple[str, ...]:
    """The weaknesses, each once; that a finding hangs on single periods is told by what would change it, and by the answer."""
    from commonbeat.estimate.sections.places import HANGS

    hangs = any(sentence.startswith(HANGS) for sentence in study.analysis.would_change)
    found = once(study.analysis.weaknesses)
    return tuple(sentence for sentence in found if not (hangs and sentence.startswith(ON_ONE)))


def named(section: Section) -> list[tuple[str, Curve]]:
    """The section's curves, each under a name that no other picture of the page has and that files and links may have."""
    plain = [re.sub(r"[^\w-]+", "-", f"{section.key}-{curve.name}") for curve in section.curves]
    return [
        (name if name not in plain[:place] else f"{name}-{place + 1}", curve)
        for place, (name, curve) in enumerate(zip(plain, section.curves, strict=True))
    ]


def beside_primary(study: Study) -> tuple[Estimate, ...]:
    """Of every section the first row that the chart of primary estimates and groups does not show already."""
    shown = {*study.analysis.primary, *study.analysis.by_group, *(row for row, _ in group_tests(study))}
    found = (next((row for row in section.rows if row not in shown), None) for section in study.analysis.sections)
    return tuple(row for row in found if row is not None)


def letter(place: int) -> str:
    """a, b, ..., z, aa, ab, ...: footnote marks that are no figures."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return alphabet[place] if place < len(alphabet) else letter(place // 26 - 1) + alphabet[place % 26]


def all_warnings(study: Study) -> tuple[str, ...]:
    """What is odd about the data, and the warnings of the primary estimates and of the groups, each once and no weakness again."""
    rows = (*study.analysis.primary, *study.analysis.by_group)
    shown = (warning for row in rows if row.estimate is not None for warning in row.warnings)
    said = {bare(sentence) for sentence in study.analysis.weaknesses}
    return once([*study.analysis.data.warnings, *shown], said)
