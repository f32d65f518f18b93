"""Pictures of a study for use outside the page: SVG and PNG, each with its intervals and the stop rate burnt in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.report.number import spell
from commonbeat.report.picture import SCALE, standalone, write_all
from commonbeat.report.study.beside import RecordedStops, minneapolis
from commonbeat.report.study.effects import group_panel, primary_panels
from commonbeat.report.study.forest import forest
from commonbeat.report.study.sections import told
from commonbeat.report.study.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.estimate.analysis import Analysis
    from commonbeat.report.chart import Picture


def drawn(study: Study) -> list[Picture]:
    """The primary estimates, the groups, and every curve; names are unique and safe as names of files."""
    found = []
    if study.analysis.primary:
        for place, panel in enumerate(primary_panels(study)):
            name = "effects" if place == 0 else f"effects_{place + 1}"
            found.append(forest(study, panel, name, f"{study.title}: primary estimates"))
    groups = group_panel(study)
    if groups is not None:
        found.append(forest(study, groups, "groups", f"{study.title}: by group, worst-off first"))
    return [*found, *(shown for section in told(study) for shown in section.pictures)]


def stop_sentence(stops: RecordedStops) -> str:
    """The stop rate that goes with every picture, and whose it is."""
    rate = f"{stops.stops:,} stops" if stops.per_1000 is None else spell(stops.per_1000, "stops per 1,000")
    whose = "" if stops.own else " (those of the study’s own place are not known)"
    return f"Police stops recorded in {stops.place} in {stops.year}{whose}: {rate}."


def study_pictures(analysis: Analysis, folder: Path, stops: RecordedStops | None = None) -> list[Path]:
    """Every picture of the report stands in `folder` as an SVG and a PNG file.

    Raises:
        WriteError: when the disk refuses.
    """
    import vl_convert

    study = Study(analysis)
    beside = stop_sentence(stops or minneapolis())
    intervals = f"Intervals hold {study.level} of the time."
    files: dict[str, bytes] = {}
    for shown in drawn(study):
        whole = standalone(shown, beside, intervals)
        files[f"{shown.name}.svg"] = whole.encode()
        files[f"{shown.name}.png"] = vl_convert.svg_to_png(whole, scale=SCALE)
    return write_all(folder, files)
