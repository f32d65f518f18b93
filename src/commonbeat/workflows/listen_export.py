"""The answers of a study leave the store as a file that others read: CSV, Parquet, SPSS, or targets of a fit. The log knows of each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from commonbeat.errors import InputError, Mistake, Mistakes, WriteError, did_you_mean

if TYPE_CHECKING:
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.storage import Store

Form = Literal["wide", "long", "targets"]
FORMS: Final = ("wide", "long", "targets")
ENDINGS: Final = (".csv", ".parquet", ".sav")
TARGETS_FILE: Final = "targets.csv"
HEADING: Final = "Nothing was exported:"
FEW_ALIKE: Final = 10


@dataclass(frozen=True, slots=True)
class ListenExported:
    """What left: the file, the codebook beside it (None for targets), rows and columns, and what to know about it."""

    file: Path
    codebook: Path | None
    form: str
    rows: int
    columns: int
    notes: tuple[str, ...]


def export_study(
    store: Store,
    identifier: str,
    to: str | Path,
    *,
    form: Form | None = None,
    language: str | None = None,
    texts: bool = False,
    replace: bool = False,
    arm: str = "",
    group: str = "All residents",
) -> ListenExported:
    """The study's answers stand in the file `to`, as its ending says, with a codebook beside it; whole, or not at all.

    form: wide (a row a person), long (a row an answer), or targets (a fit's). Left out: targets for a file called targets.csv, else wide. language: of
    labels. texts: whether what people wrote in their own words goes along. replace: whether a file that is there may be written over. arm, group:
    of the scenario, for targets. Nobody but the owner can read the file. Never in it: links, codes, contacts, days. Raises InputError with every mistake before anything is written.
    """
    from commonbeat.results.disk import write_whole
    from commonbeat.workflows.listen_export_log import note_export, note_no_export
    from commonbeat.workflows.listen_results_data import collect, refuse_empty

    path = Path(to)
    chosen = form or ("targets" if path.name == TARGETS_FILE else "wide")
    collected = collect(store, identifier)
    found = export_mistakes(collected.study, path.name, chosen, language, arm)
    _check_place(path, chosen, found, replace=replace)
    found.raise_if_any(InputError, HEADING)
    refuse_empty(collected)
    files, made = (
        _targets(collected, path, arm, group)
        if chosen == "targets"
        else _data(collected, path, chosen, language, texts=texts)
    )
    note_export(
        store, identifier, f"{chosen} {path.suffix[1:]}{' with texts' if texts and chosen != 'targets' else ''}"
    )
    try:
        for name, content in files.items():
            write_whole(name, content, private=True)
    except WriteError:
        note_no_export(store, identifier)
        raise
    return made


def export_mistakes(study: StudyDesign, name: str, form: str, language: str | None, arm: str) -> Mistakes:
    """Everything for which a file of that name cannot hold the study's answers in that form; no answer is read."""
    found = Mistakes()
    ending = Path(name).suffix.lower()
    if form not in FORMS:
        found.add("--form", form, "is no form of export", did_you_mean(form, FORMS))
    if ending not in ENDINGS:
        found.add("--to", name, "has no ending that is known", f"Known: {', '.join(ENDINGS)}.")
    if form == "targets" and ending != ".csv":
        found.add("--to", name, "cannot hold targets", "Name a .csv file.")
    if form == "targets" and not arm:
        found.add("--arm", None, "is missing", "Name the arm of your scenario that took place, such as outlet_clip.")
    if form == "targets" and study.design == "present":
        rule = "asks those who were there, and a fit knows means of a city and effects only"
        found.add("study", study.identifier, rule, "Export a study of residents or of viewers as targets.")
    if form == "long" and ending == ".sav":
        found.add(
            "--form",
            form,
            "has one column for answers of every kind, which SPSS cannot label",
            "Choose wide, or a .csv or .parquet file.",
        )
    if language is not None and language not in study.languages:
        found.add("--language", language, "is none of the study's", did_you_mean(language, study.languages))
    return found


def _check_place(path: Path, form: str, found: Mistakes, *, replace: bool) -> None:
    if not path.parent.is_dir():
        found.add("--to", str(path.parent), "is not a folder", "Make it first.")
    for each in (path, *(() if form == "targets" else (_codebook(path),))):
        if not replace and os.path.lexists(each):
            found.add("--to", str(each), "exists already", "Choose another name, or add --replace.")


def _codebook(path: Path) -> Path:
    return path.with_name(f"{path.name}.codebook.md")


def _data(
    collected: Collected, path: Path, form: str, language: str | None, *, texts: bool
) -> tuple[dict[Path, bytes], ListenExported]:
    from commonbeat.listen.results.codebook import codebook
    from commonbeat.listen.results.files import csv_bytes, parquet_bytes, sav_bytes
    from commonbeat.listen.results.wide import long_data, wide_data

    wide = wide_data(collected, language=language, texts=texts)
    frame = wide.frame if form == "wide" else long_data(collected, texts=texts)
    ending = path.suffix.lower()
    if ending == ".sav":
        content = sav_bytes(wide.coded(), wide.variables)
    else:
        content = csv_bytes(frame) if ending == ".csv" else parquet_bytes(frame)
    beside = _codebook(path)
    # The data last: where they stand, what they mean stands too.
    files = {beside: codebook(collected, wide, form).encode(), path: content}
    notes = ("What people wrote in their own words is in it: read it before you pass it on.",) if texts else ()
    return files, ListenExported(path, beside, form, frame.height, frame.width, (*notes, *_alike(collected)))


def _alike(collected: Collected) -> tuple[str, ...]:
    """A sentence on how many rows share what they say of themselves with fewer than nine others."""
    from commonbeat.listen.results.wide import wide_data

    wide = wide_data(collected)
    about = [each.name for each in wide.items() if collected.bank.scale(each.scale).kind == "background"]
    if not about:
        return ()
    counts = wide.frame.group_by([*about, "audience", "language"]).len()["len"]
    rare = int(counts.filter(counts < FEW_ALIKE).sum())
    if not rare:
        return ()
    share = "fewer than ten" if rare < FEW_ALIKE else f"{rare:,}"
    words = f"{share} of {wide.frame.height:,} rows share what they say of themselves ({', '.join(about)}) with fewer than nine others"
    return (f"{words}: whoever knows a person may find their row. Keep the file as the consent says.",)


def _targets(collected: Collected, path: Path, arm: str, group: str) -> tuple[dict[Path, bytes], ListenExported]:
    from commonbeat.listen.results.targets import COLUMNS, targets_bytes
    from commonbeat.workflows.listen_export_targets import target_rows

    rows, notes = target_rows(collected, arm, group)
    if not rows:
        rule = "has no figure of ten respondents or more on an outcome that is simulated"
        raise InputError(HEADING, [Mistake(collected.study.identifier, None, rule, "Wait for more answers.")])
    return {path: targets_bytes(rows)}, ListenExported(path, None, "targets", len(rows), len(COLUMNS), notes)
