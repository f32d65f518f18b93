"""A data file and a design become estimates, a report, and findings that move their claim."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from commonbeat.errors import InputError, Mistake
from commonbeat.workflows.narrator import Silence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.claims import Finding
    from commonbeat.estimate.analysis import Analysis
    from commonbeat.estimate.design import Design
    from commonbeat.report.study.beside import RecordedStops
    from commonbeat.workflows.narrator import Narrator

Language = Literal["r", "stata"]
LONGEST_NAME = 80  # letters; names of files have limits, titles of studies have none
SCRIPTS = {"r": "analysis.R", "stata": "analysis.do"}


@dataclass(frozen=True, slots=True)
class Estimated:
    """An analysis, and where it was left. folder: report, rows and design; findings: the project's file; None where not asked for."""

    analysis: Analysis
    folder: Path | None
    findings: Path | None

    @property
    def answer(self) -> str:
        """The answer in a sentence, and what its interval excludes."""
        from markupsafe import Markup

        from commonbeat.report.study.answer import answer
        from commonbeat.report.study.study import Study

        told = answer(Study(self.analysis))
        bracketed = re.sub(r'<span class="interval">(.*?)</span>', r"(\1)", " ".join((told.statement, *told.sentences)))
        return str(Markup(bracketed).striptags())  # noqa: S704 - the report's own markup, about to lose its tags

    @property
    def places(self) -> list[str]:
        """A line for each place where something was left."""
        lines = [f"Finding saved: {self.findings}"] if self.findings else []
        return [*lines, f"Report: {self.folder / 'report.html'}"] if self.folder else lines


def estimate_effects(
    data: str | Path,
    *,
    design: Design | str | Path | None = None,
    options: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    project: str | Path = ".",
    sheet: str | None = None,
    languages: tuple[Language, ...] = (),
    narrator: Narrator | None = None,
) -> Estimated:
    """The design's questions are answered from the data; with `out` a report is left, with a claim a finding is saved.

    data: CSV, Parquet, .dta, .sav, .xlsx, or an export of Qualtrics or REDCap. design: a TOML file or a Design. options: keys of a design
    that stand in place of the file's, such as {"outcome": "trust", "treatment": "visited"}. out: a folder that must not exist yet. project: where
    findings are kept. sheet: of a workbook. languages: scripts of the analysis to leave in `out`. Raises DesignError and DataFileError (exit 2) with every
    mistake, before anything is written.
    """
    from commonbeat.datafile import read_data_file
    from commonbeat.results.disk import refuse_existing
    from commonbeat.workflows.estimate_analysis import analyse
    from commonbeat.workflows.estimate_design import chosen_design

    if languages and out is None:
        raise InputError(
            "The script has no place to go:", [Mistake("--code", None, "needs a folder", "Add --out DIR.")]
        )
    if out is not None:
        refuse_existing(Path(out))
    tell = narrator or Silence()
    chosen, folder = chosen_design(design, options)
    if chosen.claim is not None:
        _refuse_project(Path(project))
    tell.says(f"reading {Path(data).name}")
    analysis = analyse(read_data_file(data, sheet=sheet), chosen, folder, tell)
    written = _written(analysis, Path(out), Path(data), languages, sheet) if out is not None else None
    return Estimated(analysis, written, _saved(analysis, Path(project), tell))


def write_plan(
    data: str | Path,
    *,
    design: Design | str | Path | None = None,
    options: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
) -> tuple[str, list[Path]]:
    """The pre-analysis plan in Markdown; the data are named and never opened. With `out` it stands there beside the frozen design.

    Returns the plan and the files that were written. Raises DesignError with every mistake of the design.
    """
    from commonbeat.estimate.plan import freeze, plan_document
    from commonbeat.results.disk import whole_folder
    from commonbeat.workflows.estimate_design import chosen_design

    chosen, _ = chosen_design(design, options)
    text = plan_document(chosen, written=datetime.now(UTC).date().isoformat(), data=Path(data).name)
    if out is None:
        return text, []
    with whole_folder(Path(out)) as draft:
        (draft / "plan.md").write_text(text, encoding="utf-8")
        (draft / "plan.toml").write_text(freeze(chosen), encoding="utf-8")
    return text, [Path(out) / "plan.md", Path(out) / "plan.toml"]


def write_script(
    data: str | Path,
    language: Language,
    *,
    design: Design | str | Path | None = None,
    options: Mapping[str, Any] | None = None,
    sheet: str | None = None,
) -> str:
    """The analysis as a script that reads the data file at this path.

    Where the file is there it is read for its layout (encoding, delimiter, decimal marks, header rows, labels), which the script then names;
    else the script looks for itself. Raises DataFileError when it is there and cannot be read.
    """
    from commonbeat.datafile import file_layout
    from commonbeat.estimate.scripts import analysis_script, columns_of
    from commonbeat.workflows.estimate_design import chosen_design

    chosen, _ = chosen_design(design, options)
    layout = file_layout(data, columns_of(chosen), sheet=sheet) if Path(data).is_file() else None
    return analysis_script(chosen, language, data=str(data), sheet=sheet or "", layout=layout)


def _written(analysis: Analysis, out: Path, data: Path, languages: tuple[Language, ...], sheet: str | None) -> Path:
    """The folder with everything that the analysis leaves, whole or not at all."""
    import json

    import polars as pl

    from commonbeat.estimate.plan import freeze
    from commonbeat.report.study import render_study, render_study_print, study_pictures
    from commonbeat.results.disk import whole_folder

    rows = [{"section": section.key, **row.as_row()} for section in analysis.sections for row in section.rows]
    with whole_folder(out) as draft:
        stops = _stops(analysis.design)
        (draft / "report.html").write_text(render_study(analysis, stops), encoding="utf-8")
        (draft / "report-print.html").write_text(render_study_print(analysis, stops), encoding="utf-8")
        (draft / "design.toml").write_text(freeze(analysis.design), encoding="utf-8")
        (draft / "estimates.json").write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        flat = [{**row, "warnings": "; ".join(row["warnings"])} for row in rows]
        pl.DataFrame(flat, infer_schema_length=None).write_csv(draft / "estimates.csv")
        study_pictures(analysis, draft / "pictures", stops)
        for language in languages:
            (draft / SCRIPTS[language]).write_text(
                write_script(data, language, design=analysis.design, sheet=sheet), encoding="utf-8"
            )
    return out


def _finding_path(design: Design, data: str, project: Path) -> Path:
    """Where the finding of a study on its main outcome from a file stands: a short name that two studies do not share."""
    from hashlib import sha256

    from commonbeat.claims.project import FOLDER

    words = " ".join((design.title or Path(data).stem, str(design.claim), design.outcome[0], Path(data).stem))
    name = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    if len(name) > LONGEST_NAME or not name:
        name = f"{name[:LONGEST_NAME]}-{sha256(words.encode()).hexdigest()[:8]}"
    return project / FOLDER / f"{name}.csv"


def _refuse_project(project: Path) -> None:
    """A finding can be kept in the project folder, or InputError says why not, before anything is computed."""
    folder = project / "findings"
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if not project.is_dir():
        rule, way_out = "is not a folder", "Make it, or name another with --project."
    elif not os.access(nearest, os.W_OK | os.X_OK):
        rule, way_out = "cannot be written to", "Name another folder with --project."
    else:
        return
    raise InputError("The finding has no place to go:", [Mistake(str(project), None, rule, way_out)])


def _stops(design: Design) -> RecordedStops | None:
    """The stops of the study's own place, where the design gives them."""
    from commonbeat.report.study.beside import RecordedStops

    if design.stops is None:
        return None
    given = design.stops
    rate = None if given.residents is None else 1_000 * given.count / given.residents
    ranked = tuple(sorted(given.per_1000.items(), key=lambda pair: -pair[1]))
    return RecordedStops(given.place, given.year, given.count, rate, ranked, source=given.source)


def _remarks(finding: Finding) -> list[str]:
    """Why a saved finding does not count for or against its claim, if it does not."""
    from commonbeat.workflows.estimate_findings import NOT_DRAWN, ONE_PERIOD

    found = [sentence for sentence in (NOT_DRAWN, ONE_PERIOD) if sentence in finding.note]
    if finding.bearing == "adjacent" and not found:
        found.append("Shown, not counted: it bears on the claim from the side.")
    if finding.reading == "open":
        found.append(
            "Shown, not counted: the interval holds zero and effects that would matter, so the question stays open."
        )
    return found


def _saved(analysis: Analysis, project: Path, narrator: Narrator) -> Path | None:
    """The file with the study's findings in the project folder, or None where the study speaks to no claim."""
    from commonbeat.claims import findings_text
    from commonbeat.results.disk import write_whole
    from commonbeat.workflows.estimate_findings import findings_of

    findings = findings_of(analysis)
    if not findings:
        return None
    path = _finding_path(analysis.design, analysis.data.name, project)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        narrator.says(f"{path} is written anew: it held this study's finding on this outcome from this file")
    write_whole(path, findings_text(findings).encode())
    for sentence in dict.fromkeys(remark for finding in findings for remark in _remarks(finding)):
        narrator.says(sentence)
    return path
