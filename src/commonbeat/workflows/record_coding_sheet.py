"""A coding sheet is printed, or leaves for the programs and files in which coders work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from commonbeat.errors import CodingError, Mistake, Mistakes, did_you_mean

if TYPE_CHECKING:
    from commonbeat.record.coding.sheet import Sheet

ENDINGS = (".html", ".md", ".csv", ".toml", ".boris", ".eaf", ".etf")
PROGRAMS = (".boris", ".eaf", ".etf")
SLOT = re.compile(r"(officer|child|adult) [1-9][0-9]{0,3}")
MOST_SUBJECTS = 60
PAGE = "coding-sheet.html"


@dataclass(frozen=True, slots=True)
class SheetResult:
    """What was written, or the sheet as Markdown where nothing was asked to be."""

    title: str
    codes: tuple[str, ...]
    written: tuple[Path, ...]
    markdown: str
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "title": self.title,
            "codes": list(self.codes),
            "written": [str(path) for path in self.written],
            "notes": list(self.notes),
        }


def coding_sheet(
    about: Literal["clips", "texts"] = "clips",
    *,
    sheet: str | Path | None = None,
    subjects: str = "",
    out: str | Path | None = None,
) -> SheetResult:
    """The sheet, shipped or the team's own; with `out`, a file in the form that its ending names.

    subjects: who is marked in BORIS or ELAN, by role and number, such as "child 1, child 2, officer 1".

    Raises CodingError for a sheet with mistakes or an ending that is not known, WriteError when the disk refuses.
    """
    from commonbeat.record.coding.sheet_print import as_markdown
    from commonbeat.results.disk import write_whole

    chosen = _chosen(about, sheet)
    people = _people(subjects, out)
    names = tuple(code.name for code in chosen.codes)
    if out is None:
        return SheetResult(chosen.title, names, (), as_markdown(chosen))
    path = Path(out)
    content = _content(chosen, path, sheet, people)
    write_whole(path, content)
    return SheetResult(chosen.title, names, (path,), "")


def blind_files(
    texts: str | Path,
    *,
    out: str | Path,
    sheet: str | Path | None = None,
    coders: int = 2,
    seed: int = 1,
    text_column: str | None = None,
) -> SheetResult:
    """A new folder with one file per coder, the printed sheet, and the index that no coder gets.

    Raises CodingError or DataFileError for what is wrong with the texts, RunFolderError when the folder exists, WriteError when the disk refuses.
    """
    from commonbeat.datafile import read_data_file
    from commonbeat.record.coding.sheet_print import as_page
    from commonbeat.record.coding.texts import blind_texts
    from commonbeat.results.disk import refuse_existing, whole_folder

    folder = Path(out)
    refuse_existing(folder)
    chosen = _chosen("texts", sheet)
    made = blind_texts(read_data_file(texts), chosen, coders, seed, text_column)
    files = {**made.files, PAGE: as_page(chosen)}
    with whole_folder(folder) as draft:
        for name, content in files.items():
            (draft / name).write_text(content, encoding="utf-8")
    left = f" Left behind: {', '.join(made.left_behind)}." if made.left_behind else ""
    notes = (
        f"{made.texts:,} texts, in an order of its own for each of {coders} coders. Coders get an id and the text, nothing else.{left}",
        f"{made.masked:,} handles, mail addresses and links in the texts were replaced. Names written in words cannot be found: look through the files.",
        "index.csv tells where and when each text was published. Keep it from the coders; counting needs it.",
        "A blank is 'not coded', not 'no'. An apostrophe before a text keeps spreadsheets from taking it for a formula.",
        *made.warnings,
    )
    names = tuple(code.name for code in chosen.codes)
    return SheetResult(chosen.title, names, tuple(folder / name for name in files), "", notes)


def _chosen(about: Literal["clips", "texts"], sheet: str | Path | None) -> Sheet:
    from commonbeat.record.coding.sheet import read_sheet, shipped_sheet

    if sheet is not None:
        return read_sheet(sheet)
    if about not in ("clips", "texts"):
        way_out = did_you_mean(str(about), ("clips", "texts"))
        raise CodingError("No sheet can be printed:", [Mistake("--about", about, "is not something to code", way_out)])
    return shipped_sheet(about)


def _people(subjects: str, out: str | Path | None) -> tuple[str, ...]:
    """The subjects by slot, as in records. Raises CodingError for what is no slot, and where the form has no place for them."""
    found = Mistakes()
    names = [" ".join(each.split()).casefold() for each in subjects.split(",")] if subjects.strip() else []
    if names and (out is None or Path(out).suffix not in PROGRAMS):
        found.add(
            "--subjects", subjects, "are for files of BORIS and ELAN", f"Give --out FILE with {', '.join(PROGRAMS)}."
        )
    for number, name in enumerate(names):
        if not SLOT.fullmatch(name):
            way_out = "Write a role and a number: officer 1, child 2, adult 1; never a name."
            found.add("--subjects", name, "is nobody who can be marked", way_out)
        elif name in names[:number]:
            found.add("--subjects", name, "stands there twice", "Keep one.")
    if len(names) > MOST_SUBJECTS:
        found.add("--subjects", len(names), f"are more than {MOST_SUBJECTS}", "Name those who are marked one by one.")
    found.raise_if_any(CodingError, "The sheet cannot be written:")
    return tuple(names)


def _content(sheet: Sheet, path: Path, own: str | Path | None, people: tuple[str, ...]) -> bytes:
    from commonbeat.record.coding.sheet import SHIPPED
    from commonbeat.record.coding.sheet_boris import as_boris
    from commonbeat.record.coding.sheet_elan import as_elan
    from commonbeat.record.coding.sheet_print import as_markdown, as_page, as_table

    found = Mistakes()
    if path.suffix not in ENDINGS:
        found.add("--out", path.name, "has no ending that is known", f"Known: {', '.join(ENDINGS)}.")
    if path.suffix in PROGRAMS and sheet.about == "texts":
        found.add("--out", path.name, "is for clips", "Texts are coded in tables: give --texts FILE and a folder.")
    found.raise_if_any(CodingError, "The sheet cannot be written:")
    if path.suffix == ".boris":
        return as_boris(sheet, people) if people else as_boris(sheet)
    if path.suffix in (".eaf", ".etf"):
        return as_elan(sheet, subjects=people)
    if path.suffix == ".toml":
        import commonbeat.record.coding as package

        return Path(own or Path(str(package.__file__)).parent / SHIPPED[sheet.about]).read_bytes()
    return {".html": as_page, ".md": as_markdown, ".csv": as_table}[path.suffix](sheet).encode()
