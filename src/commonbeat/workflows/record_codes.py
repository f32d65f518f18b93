"""Projects of BORIS and files of ELAN are read, listed as a table, added to, and written back with nothing lost."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import CodingError, Mistake, Mistakes

if TYPE_CHECKING:
    from commonbeat.record.coding.boris import BorisProject
    from commonbeat.record.coding.elan import ElanFile
    from commonbeat.record.coding.event import CodedEvent, CodedFile

HEADING = "The codes cannot be written like this:"


@dataclass(frozen=True, slots=True)
class CodesResult:
    """The marks of a file, and where they were written."""

    file: str
    events: tuple[CodedEvent, ...]
    added: int
    warnings: tuple[str, ...]
    out: Path | None

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "file": self.file,
            "marks": [event._asdict() for event in self.events],
            "added": self.added,
            "warnings": list(self.warnings),
            "out": None if self.out is None else str(self.out),
        }


def codes(
    path: str | Path,
    *,
    coder: str = "",
    add: str | Path | None = None,
    observation: str | None = None,
    consent: str | Path | None = None,
    out: str | Path | None = None,
) -> CodesResult:
    """The marks of the file; with `add`, those of a table more; with `out`, a table (.csv) or the file itself in its own format.

    coder: whose marks they are where the file does not say. Marks that are added are of the same clip and coder, or name none. observation: of a BORIS project, to which marks are added; left out, its only one.
    Raises CodingError with everything that is wrong, ConsentError where children's smiles are coded and `consent` does not name face measures, WriteError
    when the disk refuses.
    """
    from commonbeat.results.disk import write_whole
    from commonbeat.workflows.record_coding_files import is_project, open_project
    from commonbeat.workflows.record_smiles import check_smiles

    source, target = Path(path), None if out is None else Path(out)
    if not is_project(source):
        way_out = "Give a file that ends in .boris or .eaf."
        raise CodingError(HEADING, [Mistake(str(source), None, "is neither a BORIS project nor an ELAN file", way_out)])
    project = open_project(source)
    added = () if add is None else _marks_of(Path(add))
    if added:
        project = _with(project, added, observation, coder)
    coded = project.coded(coder)
    smiles = check_smiles(coded.events, (), consent)
    if target is not None:
        _check_target(source, target)
        table = target.suffix.casefold() == ".csv"
        write_whole(target, table_of(coded).encode() if table else _packed(project.to_bytes(), target))
    warnings = (*smiles, *coded.warnings, *(str(problem) for problem in coded.problems))
    return CodesResult(source.name, coded.events, len(added), warnings, target)


def table_of(coded: CodedFile) -> str:
    """One row per mark; who observed a clip and marked nothing has one row without a code. Formulas begin with an apostrophe."""
    from commonbeat.record.coding.spreadsheet import guarded

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["clip", "coder", "code", "start_s", "end_s", "subject", "modifier", "comment"])
    busy = {(event.clip, event.coder) for event in coded.events}
    for event in coded.events:
        words = [guarded(word) for word in (*event[:3], *event[5:8])]
        writer.writerow([*words[:3], f"{event.start_s:.12g}", f"{event.end_s:.12g}", *words[3:]])
    for clip, coder in coded.observed:
        if (clip, coder) not in busy:
            writer.writerow([guarded(clip), guarded(coder), "", "", "", "", "", ""])
    return text.getvalue()


def _marks_of(path: Path) -> tuple[CodedEvent, ...]:
    """The marks of the table; one without a column for the coder names none."""
    from commonbeat.record.coding.codes_table import open_table
    from commonbeat.record.coding.events_table import read_marks

    table = open_table(path)
    if not table.is_events:
        way_out = "It needs the columns clip, code, start_s and, for stretches, end_s."
        raise CodingError(HEADING, [Mistake(path.name, None, "is not a table of marks", way_out)])
    events = read_marks([table]).events
    return events if table.has("coder") else tuple(event._replace(coder="") for event in events)


def _with(
    project: BorisProject | ElanFile, added: tuple[CodedEvent, ...], observation: str | None, coder: str
) -> BorisProject | ElanFile:
    from commonbeat.record.coding.elan import ElanFile

    if isinstance(project, ElanFile):
        return project.with_events(added, coder)
    names = list(project.document["observations"])
    if observation is None and len(names) != 1:
        rule = f"must be named: {project.name} has {len(names)} observations"
        raise CodingError(HEADING, [Mistake("--observation", None, rule, f"There are: {', '.join(names) or 'none'}.")])
    return project.with_events(observation or names[0], added, coder)


def _check_target(source: Path, target: Path) -> None:
    found = Mistakes()
    packed = source.name.casefold().removesuffix(".gz")
    same = Path(packed).suffix == Path(target.name.casefold().removesuffix(".gz")).suffix
    elan = {source.suffix.casefold(), target.suffix.casefold()} <= {".eaf", ".etf"}
    if target.suffix.casefold() != ".csv" and not same and not elan:
        way_out = (
            "Choose .csv, or the ending of the file that is read. What one program keeps, the other has no place for."
        )
        found.add("--out", target.name, f"is not a form in which {source.name} can be written without loss", way_out)
    found.raise_if_any(CodingError, HEADING)


def _packed(content: bytes, target: Path) -> bytes:
    import gzip

    return gzip.compress(content, mtime=0) if target.suffix.casefold() == ".gz" else content
