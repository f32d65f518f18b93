"""The commands of coding by people: the sheet, the files of other programs, agreement, and frames of texts."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]


def register(record: App) -> None:
    """The commands stand below `commonbeat record`."""
    record.command(coding_sheet)
    record.command(codes)
    record.command(agree)
    record.command(frames)


def coding_sheet(
    *,
    about: Literal["clips", "texts"] | None = None,
    sheet: Path | None = None,
    subjects: str = "",
    texts: Path | None = None,
    text_column: str | None = None,
    coders: int = 2,
    seed: int = 1,
    out: Path | None = None,
    as_json: Json = False,
) -> None:
    """Print the sheet for coders, start a coding in BORIS or ELAN, or make blind files of texts.

    Args:
        about: What is coded: clips or texts. Left out: clips, or texts where --texts is given.
        sheet: A team's own sheet, in the same TOML format. Left out: the shipped one.
        subjects: Who is marked in BORIS or ELAN, by role and number: "child 1,child 2,officer 1".
        texts: A table of texts (comments, headlines, posts) from which one file per coder is made.
        text_column: The column of the texts. Left out: text, comment, headline, post and their like.
        coders: How many coders get a file.
        seed: Where the luck of the ids and of the orders starts.
        out: A file that ends in .html, .md, .csv, .toml, .boris, .eaf or .etf; with --texts, a folder that must not exist. Left out: the screen.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_agreement import show_sheet
    from commonbeat.errors import CodingError, Mistake
    from commonbeat.workflows.record_coding_sheet import blind_files
    from commonbeat.workflows.record_coding_sheet import coding_sheet as written

    if texts is None:
        result = written(about or "clips", sheet=sheet, subjects=subjects, out=out)
    elif subjects:
        rule = "are marked on clips, not in texts"
        raise CodingError("No files of texts can be made:", [Mistake("--subjects", subjects, rule, "Leave it out.")])
    elif out is None:
        rule = "is missing: files of texts need a folder"
        raise CodingError(
            "No files of texts can be made:", [Mistake("--out", None, rule, "Name one that does not exist.")]
        )
    else:
        result = blind_files(texts, out=out, sheet=sheet, coders=coders, seed=seed, text_column=text_column)
    show_sheet(result, as_json=as_json)


def codes(
    file: Path,
    /,
    *,
    coder: str = "",
    add: Path | None = None,
    observation: str | None = None,
    consent: Path | None = None,
    out: Path | None = None,
    as_json: Json = False,
) -> None:
    """List the marks of a BORIS project or an ELAN file, add marks, write it back with nothing lost.

    Args:
        file: A .boris or .eaf file.
        coder: Whose marks they are, where the file does not say. Left out: the file's name.
        add: A table of marks (clip, code, start_s, end_s, subject, modifier, comment) of the same clip and coder to be added.
        observation: The observation of a BORIS project to which they are added. Left out: its only one.
        consent: A file of consent: smiles of children are refused unless it names face measures. Left out: a note says so.
        out: A .csv file, or a file of the kind that is read. Left out: nothing is written.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_agreement import show_codes
    from commonbeat.workflows.record_codes import codes as read

    result = read(file, coder=coder, add=add, observation=observation, consent=consent, out=out)
    show_codes(result, as_json=as_json)


def agree(
    *files: Path,
    by: str | None = None,
    sheet: Path | None = None,
    level: str | None = None,
    tolerance: float = 1.0,
    time_unit: float = 1.0,
    consent: Path | None = None,
    out: Path | None = None,
    as_json: Json = False,
) -> None:
    """Say how far coders agree, code by code, and list where they differ.

    Args:
        files: Tables of codes (long, one column per coder, or one file per coder), .boris projects, .eaf files.
        by: A column whose values are told apart, such as a clip or a phase of training.
        sheet: The coding sheet, which tells scales and values. Left out: the shipped one that knows the codes.
        level: nominal, ordinal, interval or ratio, for codes that no sheet knows. Left out: nominal.
        tolerance: How many seconds two marks of the same thing may be apart.
        time_unit: How many seconds a unit of time is, for agreement on durations.
        consent: A file of consent: smiles of children are refused unless it names face measures. Left out: a note says so.
        out: A file that ends in .json (everything), .csv (the figures) or .md (to read).
        as_json: Print one JSON document and nothing else.
    """
    from typing import cast

    from commonbeat.cli.show_agreement import show_agreement
    from commonbeat.workflows.record_agree import agree as compared

    result = compared(
        files,
        by=by,
        sheet=sheet,
        level=cast("Literal['nominal', 'ordinal', 'interval', 'ratio'] | None", level),
        tolerance_s=tolerance,
        unit_s=time_unit,
        consent=consent,
        out=out,
    )
    show_agreement(result, as_json=as_json)


def frames(
    *files: Path,
    index: Path | None = None,
    by: str = "",
    before: str | None = None,
    sheet: Path | None = None,
    out: Path | None = None,
    as_json: Json = False,
) -> None:
    """Count how officers and children are spoken of in coded texts: in all, by source or period, before and after a day.

    Args:
        files: The filled files of the coders, or one long table.
        index: The file that tells each text's source and date. Left out: index.csv beside the first file, or the files' own columns.
        by: source, year, month, week or day.
        before: A day such as 2021-05-31: what was published before it is set beside what was published from it on.
        sheet: The coding sheet. Left out: the shipped one for texts.
        out: A file that ends in .json (everything) or .csv (the counts).
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_agreement import show_frames
    from commonbeat.workflows.record_frames import frames as counted

    show_frames(counted(files, index=index, by=by, before=before, sheet=sheet, out=out), as_json=as_json)
