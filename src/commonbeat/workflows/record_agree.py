"""Codes of several coders become figures of their agreement, and a list of where they differ."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import CodingError, Mistake, Mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.coding.agreement import Agreement
    from commonbeat.record.coding.event_agreement import EventAgreement
    from commonbeat.record.coding.levels import Level
    from commonbeat.record.coding.ratings import Disagreement
    from commonbeat.record.coding.tone import JudgedTone
    from commonbeat.workflows.record_coding_files import CodeFiles

ENDINGS = (".json", ".csv", ".md")


@dataclass(frozen=True, slots=True)
class AgreeResult:
    """What is said of the codes: values of units by code, marks by pair of coders, the tone that the values tell, and what was odd."""

    agreements: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    events: tuple[EventAgreement, ...]
    tone: JudgedTone | None
    sheet: str
    warnings: tuple[str, ...]
    out: Path | None = None

    def document(self) -> dict[str, Any]:
        """Everything as plain values; what could not be computed is None."""
        tone = None if self.tone is None else self.tone.rating()
        return plain(
            {
                "sheet": self.sheet,
                "agreement": [_agreement_document(each) for each in self.agreements],
                "disagreements": [{**each._asdict(), "given": dict(each.given)} for each in self.disagreements],
                "marks": [_marks_document(each) for each in self.events],
                "tone_by_coders": None if tone is None else tone.model_dump(exclude_none=True),
                "warnings": list(self.warnings),
            }
        )


def agree(
    paths: Sequence[str | Path],
    *,
    by: str | None = None,
    sheet: str | Path | None = None,
    level: Level | None = None,
    tolerance_s: float = 1.0,
    unit_s: float = 1.0,
    consent: str | Path | None = None,
    out: str | Path | None = None,
) -> AgreeResult:
    """How far the coders of the files agree; with `out`, a file holds it.

    Raises:
        ConsentError: children's smiles are coded, and `consent` does not name face measures. CodingError, DataFileError: with everything that is wrong with the files and the options. WriteError: the disk refused.
    """
    from commonbeat.record.coding.agreement import agreement_of
    from commonbeat.record.coding.codes_table import read_cells
    from commonbeat.record.coding.event_agreement import event_agreements
    from commonbeat.record.coding.interval_codes import parted
    from commonbeat.record.coding.little_coded import little_coded
    from commonbeat.record.coding.scales import ratings_of
    from commonbeat.record.coding.sides import without_side
    from commonbeat.record.coding.tone import rates_one_person, tone_of_codes
    from commonbeat.workflows.record_coding_files import open_codes, sheet_for
    from commonbeat.workflows.record_smiles import check_smiles

    target = None if out is None else Path(out)
    _check_options(target, level, tolerance_s, unit_s)
    files = open_codes(paths)
    _usable(by, files)
    known = sheet_for(files, sheet)
    parts = [parted(file.events, known) for file in files.marks]
    cells = [cell for _, own in parts for cell in own]
    if files.tables:
        cells += read_cells(files.tables, known, by)
    ratings = ratings_of(cells, known, level) if cells or files.tables else ()
    marks = [file._replace(events=tuple(own)) for file, (own, _) in zip(files.marks, parts, strict=True)]
    _several_coders({cell.coder for cell in cells} | {coder for file in marks for _, coder in file.observed})
    smiles = check_smiles([event for file in marks for event in file.events], cells, consent)
    warnings = [*smiles, *_oddities(files), *little_coded(ratings), *without_side(cells, known)]
    events = event_agreements(marks, tolerance_s, unit_s)
    if marks and not events:
        warnings.append("No clip was observed by two coders under the same name, so marks cannot be compared.")
    result = AgreeResult(
        agreements=tuple(agreement_of(one, shares=not rates_one_person(one, known, by)) for one in ratings),
        disagreements=tuple(each for one in ratings for each in one.disagreements()),
        events=events,
        tone=tone_of_codes(ratings, known) if known is not None else None,
        sheet=known.title if known is not None else "",
        warnings=tuple(dict.fromkeys(warnings)),
        out=target,
    )
    if target is not None:
        save(result, target)
    return result


def save(result: AgreeResult, path: Path) -> None:
    """The file holds the figures: all as JSON, the table of agreement as CSV, or what a person reads as Markdown."""
    from commonbeat.results.disk import write_whole

    if path.suffix == ".json":
        text = json.dumps(result.document(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    elif path.suffix == ".csv":
        text = table_of(result)
    else:
        from commonbeat.workflows.record_agree_words import as_markdown

        text = as_markdown(result)
    write_whole(path, text.encode())


def table_of(result: AgreeResult) -> str:
    """One row per code and group, and one per pair of coders and label of marks, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["what", "code", "group", "coders", "level", "value", "low_95", "high_95", "units", "agreement", "verdict"]
    )
    for each in result.agreements:
        start = [each.code, each.group, " ".join(each.coders)]
        numbers = [_cell(value) for value in (each.alpha, each.low, each.high)]
        writer.writerow(["alpha", *start, each.level, *numbers, each.units, _cell(each.agreement), each.verdict])
        for pair in each.pairs:
            kappa = [_cell(value) for value in pair.kappa[:3]]
            row = ["cohen", each.code, each.group, f"{pair.first} {pair.second}", each.level, *kappa, pair.kappa.units]
            writer.writerow([*row, _cell(pair.agreement), ""])
        fleiss = [_cell(value) for value in each.fleiss[:3]]
        writer.writerow(["fleiss", *start, each.level, *fleiss, each.fleiss.units, _cell(each.agreement), ""])
    for each in result.events:
        who = f"{each.first} {each.second}"
        for code in each.codes:
            marks = code.both + code.first_only + code.second_only
            writer.writerow(["shared marks", code.label, "", who, "", _cell(code.shared), "", "", marks, "", ""])
        for unit in each.units:
            kappa = [_cell(value) for value in unit.kappa[:3]]
            writer.writerow(
                ["time units", unit.label, "", who, "", *kappa, unit.kappa.units, _cell(unit.agreement), ""]
            )
    return text.getvalue()


def plain(value: Any) -> Any:
    """`value` made of what JSON knows: named tuples as tables, numbers that are not finite as None."""
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _check_options(target: Path | None, level: str | None, tolerance_s: float, unit_s: float) -> None:
    from commonbeat.record.coding.levels import LEVELS

    found = Mistakes()
    if target is not None and target.suffix not in ENDINGS:
        found.add("--out", target.name, "has no ending that is known", f"Known: {', '.join(ENDINGS)}.")
    if level is not None and level not in LEVELS:
        found.add("--level", level, "is not a level of measurement", f"Known: {', '.join(LEVELS)}.")
    if not 0 <= tolerance_s <= 3600:
        found.add("--tolerance", tolerance_s, "is not from 0 to 3600 seconds", "One second is usual.")
    if not 0.01 <= unit_s <= 3600:
        found.add("--time-unit", unit_s, "is not from 0.01 to 3600 seconds", "One second is usual.")
    found.raise_if_any(CodingError, "Agreement cannot be computed like this:")


def _oddities(files: CodeFiles) -> list[str]:
    """What was odd about the files themselves, in sentences."""
    from commonbeat.record.coding.codes_table import ASIDE

    said = [warning for file in files.marks for warning in file.warnings]
    for table in files.tables:
        said += table.file.about([name for name in table.cells if name.casefold() not in ASIDE]).warnings
    return said


def _usable(by: str | None, files: CodeFiles) -> None:
    """Groups are told apart in tables of values only, and no coder observed a clip twice; or CodingError."""
    from commonbeat.workflows.record_coding_files import observed_once

    if by is not None and files.marks:
        rule = "is for tables of values, and these files hold marks"
        raise CodingError("Agreement cannot be computed like this:", [Mistake("--by", by, rule, "Leave it out.")])
    observed_once(files.marks)


def _several_coders(coders: set[str]) -> None:
    if len(coders) < 2:
        who = next(iter(coders), "nobody")
        rule = "is the only coder: agreement needs two"
        heading = "Agreement cannot be computed:"
        raise CodingError(heading, [Mistake("coders", who, rule, "Give the files of all coders, or a column 'coder'.")])


def _agreement_document(each: Agreement) -> dict[str, Any]:
    import dataclasses

    document = {field.name: getattr(each, field.name) for field in dataclasses.fields(each)}
    return {**document, "shares": dict(each.shares)}


def _marks_document(each: EventAgreement) -> dict[str, Any]:
    import dataclasses

    return {field.name: getattr(each, field.name) for field in dataclasses.fields(each)}


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"
