"""The analysis as a Stata script: the same estimates; standard errors by what Stata has.

Stata 18 knows HC2 with clusters and adjusted degrees of freedom, but no CR2 with weights and no HC2 after two-stage least squares. The script says
so where it matters. It was checked by reading, not by running: nothing here can run Stata.
"""

from __future__ import annotations

import importlib.metadata
from importlib import resources
from pathlib import PurePath
from typing import TYPE_CHECKING

from commonbeat.datafile import Layout
from commonbeat.estimate.scripts.stata_body import body
from commonbeat.estimate.scripts.stata_words import stata_name, stata_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.estimate.design import Design

HEAD = """* {title}
*
* Written by Common Beat {version} from the study's design. Needs Stata 18 or later.
* The estimates are those of Common Beat; so should be the standard errors and degrees of freedom without weights: Stata's HC2 with dfadjust
* is the adjustment of Bell and McCaffrey (2002), of which CR2 with Satterthwaite degrees of freedom is the general form.
* Where Stata has none (weights with clusters, two-stage least squares) the comments say what it gives instead.
* What rests on luck (randomisation inference, bootstrap) is not repeated here. This script was checked by reading; it was not run.

version 18
clear all
set more off
"""


def stata_script(design: Design, data: str, sheet: str = "", layout: Layout | None = None) -> str:
    """The whole script. data: the file as the script should name it. sheet: of a workbook; left out, its first. layout: of the file, where it is there."""
    chosen = sheet or (layout.sheet if layout else None) or ""
    names = {column: stata_name(column) for column in columns_of(design)}
    parts = [
        HEAD.format(
            title=" ".join((design.title or "A study").split()), version=importlib.metadata.version("commonbeat")
        ),
        reading(data, chosen, layout),
    ]
    if design.treatment is not None:
        parts += [part("columns"), part("effects"), *([part("complier")] if design.complied else [])]
    else:
        parts.append(part("columns"))
    parts.append(finding(design, names, layout or Layout()))
    parts.append(body(design, names, layout.dates if layout else {}))
    return "\n".join(parts)


def columns_of(design: Design) -> tuple[str, ...]:
    """Every column of the file that the design names, each once."""
    found: list[str | None] = [name for name in design.outcome if name not in design.scales]
    found += [
        design.treatment,
        design.cluster,
        design.block,
        design.weight,
        design.complied,
        design.baseline,
        design.by,
    ]
    found += [*design.covariates, *(item for scale in design.scales.values() for item in scale.items)]
    if design.assignment is not None:
        found.append(design.assignment.step)
    if design.panel is not None:
        found += [design.panel.person, design.panel.time, design.panel.exposure]
    if design.before_after is not None:
        found += [design.before_after.group, design.before_after.after, design.before_after.unit]
    if design.rollout is not None:
        found += [design.rollout.unit, design.rollout.time, design.rollout.first_treated]
    if design.series is not None:
        found += [design.series.time, design.series.unit, design.series.population]
    return tuple(dict.fromkeys(name for name in found if name is not None))


def reading(data: str, sheet: str, layout: Layout | None = None) -> str:
    """How Stata reads a file of this kind."""
    quoted = stata_text(data)
    kind = PurePath(data).suffix.lower()
    workbook = f"import excel {quoted}, firstrow case(preserve) clear" + (
        f" sheet({stata_text(sheet)})" if sheet else ""
    )
    commands = {
        ".dta": f"use {quoted}, clear",
        ".sav": f"import spss using {quoted}, clear",
        ".zsav": f"import spss using {quoted}, clear",
        ".xlsx": workbook,
        ".xls": workbook,
    }
    note = "* Stata reads no Parquet: save the data as CSV first.\n" if kind in {".parquet", ".pq"} else ""
    lines = commands.get(kind) or delimited(quoted, layout)
    if layout is not None and layout.header_rows > 1:
        lines += f"\n* Question texts stand between the names and the answers.\ndrop in 1/{layout.header_rows - 1}"
    return f"* ---- The data {'-' * 87}\n\n{note}{lines}\n"


def delimited(quoted: str, layout: Layout | None) -> str:
    """How Stata reads a text file; with a layout every column comes as text first, so that nothing is read otherwise than here."""
    how = 'varnames(1) case(preserve) encoding("UTF-8")'
    if layout is not None:
        encoding = "UTF-16" if layout.marked and layout.encoding.startswith("UTF-16") else layout.encoding
        mark = "\\t" if layout.delimiter == "\t" else layout.delimiter
        how = (
            f'delimiters("{mark}") varnames({layout.above + 1}) case(preserve) encoding("{encoding}") stringcols(_all)'
        )
    return f"import delimited {quoted}, {how} bindquote(strict) maxquotedrows(unlimited) clear"


def finding(design: Design, names: dict[str, str], layout: Layout) -> str:
    """Columns whose names Stata changed are found by their labels; answers that mean no answer become missing."""
    lines = [f"find_column {stata_text(column)} {name}" for column, name in names.items() if column != name]
    for column, name in names.items():
        lines += as_written(column, name, layout)
    lines += [f"no_answer {name} {stata_text(value)}" for value in design.missing for name in names.values()]
    return "\n".join([f"* ---- The design's columns {'-' * 75}", "", *lines, ""])


def as_written(column: str, name: str, layout: Layout) -> Iterator[str]:
    """Lines that make the column what it is here: numbers with their decimal mark, codes with their labels."""
    kind = layout.kinds.get(column)
    if kind is None:
        return
    yield f'char {name}[decimal] "{layout.decimals.get(column, ".")}"'
    labels = layout.value_labels.get(column, {})
    for code, label in labels.items():
        yield f"column_word {name} {stata_text(label)} {stata_text(code)}"
    yield f"written_{kind} {name}"
    for code, label in labels.items():
        yield f"label define {name[:24]}_labels {code} {stata_text(label)}, add"
    if labels:
        yield f"label values {name} {name[:24]}_labels"


def part(name: str) -> str:
    """One of the parts beside this module."""
    return (resources.files("commonbeat.estimate.scripts") / "stata" / f"{name}.do").read_text(encoding="utf-8")
