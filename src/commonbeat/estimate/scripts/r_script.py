"""The analysis as an R script: settings from the design, then the same estimators by way of estimatr.

The parts beside this module (`r/*.R`) are put together as the design needs them; everything above them is written from the design.
"""

from __future__ import annotations

import importlib.metadata
import json
from importlib import resources
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from commonbeat.datafile import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.estimate.design import Design, Scale

PACKAGES = {".dta": "haven", ".sav": "haven", ".zsav": "haven", ".parquet": "arrow", ".pq": "arrow", ".xlsx": "readxl"}
HEAD = """# {title}
#
# Written by Common Beat {version} from the study's design. It reads the data as they are and gives the same estimates, standard errors and
# degrees of freedom. What rests on luck (randomisation inference, bootstrap) is not repeated here: other random numbers, other last digits.
# Needs R 4.0 or later and the packages: {packages}.
"""


def r_script(design: Design, data: str, sheet: str = "", layout: Layout | None = None) -> str:
    """The whole script. data: the file as the script should name it. sheet: of a workbook; left out, its first. layout: of the file, where it is there."""
    chosen = sheet or (layout.sheet if layout else None) or ""
    parts = [head(design, data), settings(design, data, chosen), layout_settings(layout), part("reading")]
    parts += [part(name) for name in shape_parts(design)]
    return "\n".join(parts)


def shape_parts(design: Design) -> tuple[str, ...]:
    """Which parts this study's shape needs, in their order."""
    if design.panel is not None:
        return ("regression", "panel")
    if design.before_after is not None:
        return ("regression", "before_after")
    if design.rollout is not None:
        return ("rollout",)
    if design.series is not None:
        return ("series",)
    optional = (("scales", design.scales), ("raking", design.raking), ("complier", design.complied))
    wanted = {name for name, given in optional if given}
    order = ("arms", "scales", "columns", "raking", "regression", "effects", "complier", "run")
    return tuple(name for name in order if name not in {"scales", "raking", "complier"} or name in wanted)


def packages(design: Design, data: str) -> tuple[str, ...]:
    """The packages that the script loads or calls."""
    reading = PACKAGES.get(PurePath(data).suffix.lower())
    own = ("did",) if design.rollout else ("estimatr",)
    if design.series is not None:
        own = ("nlme",)
    return (*own, *((reading,) if reading else ()))


def head(design: Design, data: str) -> str:
    """What the script is, and what it needs."""
    needed = packages(design, data)
    title = " ".join((design.title or "A study").split())
    text = HEAD.format(
        title=title, version=importlib.metadata.version("commonbeat"), packages=", ".join(needed) or "none"
    )
    loaded = "library(estimatr)\n" if "estimatr" in needed else ""
    return f"{text}\n{loaded}"


def settings(design: Design, data: str, sheet: str) -> str:
    """The design's values as R sees them."""
    lines = [f"file <- {literal(data)}", f"sheet <- {literal(sheet or None)}", *setting_lines(design)]
    return "# ---- The design, as it was declared " + "-" * 81 + "\n\n" + "\n".join(lines) + "\n"


def layout_settings(layout: Layout | None) -> str:
    """How the file is laid out, as R sees it; where that is not known the script looks for itself."""
    known = layout or Layout()
    outside = {
        "encoding": "UTF-8-BOM" if known.encoding == "UTF-8" else known.encoding,
        "delimiter": known.delimiter,
        "above": known.above,
        "header_rows": known.header_rows,
        "cells": known.cells,
        "names": list(known.names),
    }
    labels = {
        column: {label: code for code, label in labels.items() if isinstance(code, int | float)}
        for column, labels in known.value_labels.items()
    }
    lines = [
        f"file_layout <- {literal(None if layout is None else outside)}",
        f"column_kinds <- {literal(known.kinds)}",
        f"decimal_marks <- {literal(known.decimals)}",
        f"date_formats <- {literal(known.dates)}",
        f"value_labels <- {literal(labels)}",
    ]
    return "# ---- How the file is laid out " + "-" * 86 + "\n\n" + "\n".join(lines) + "\n"


def setting_lines(design: Design) -> Iterator[str]:
    """One line for each value that the parts read."""
    yield f"missing_values <- {literal([str(value) for value in design.missing])}"
    yield f"level <- {literal(design.level)}   # one minus the coverage of the intervals"
    yield f"outcomes <- {literal(list(design.outcome))}"
    if design.panel is not None:
        yield from model_lines(design.panel, ("person", "time", "exposure"))
        yield f"cluster <- {literal(design.cluster)}"
        yield f"weight <- {literal(design.weight)}"
        return
    if design.before_after is not None:
        yield from model_lines(design.before_after, ("group", "after", "unit"))
        yield f"cluster <- {literal(design.cluster)}"
        yield f"weight <- {literal(design.weight)}"
        return
    if design.rollout is not None:
        yield from model_lines(design.rollout, ("unit", "time", "first_treated", "control", "base"))
        yield f"cluster <- {literal(design.cluster)}"
        yield f"weight <- {literal(design.weight)}"
        return
    if design.series is not None:
        names = ("time", "start", "unit", "treated_unit", "season_periods", "lags", "population")
        yield from model_lines(design.series, names)
        return
    yield f"treatment <- {literal(design.treatment)}"
    yield f"control <- {literal(None if design.control is None else str_of(design.control))}"
    yield f"treated <- {literal([str_of(value) for value in design.treated])}   # empty: the only other value"
    step = design.assignment.step if design.assignment else None
    for name in ("cluster", "complied", "baseline", "by"):
        yield f"{name} <- {literal(getattr(design, name))}"
    yield f"block <- {literal(step or design.block)}"
    yield f"weight <- {literal(design.weight)}"
    yield f"covariates <- {literal(list(design.covariates))}"
    yield f"scales <- {literal({name: scale_values(scale) for name, scale in design.scales.items()})}"
    if design.raking is not None:
        yield f"margins <- {literal(design.raking.margins)}"
        yield f"smallest <- {literal(design.raking.smallest)}"
        yield f"largest <- {literal(design.raking.largest)}"


def model_lines(model: object, names: tuple[str, ...]) -> Iterator[str]:
    """One line for each of the model's values."""
    for name in names:
        yield f"{name} <- {literal(getattr(model, name))}"


def scale_values(scale: Scale) -> dict[str, Any]:
    """What the script needs of a scale."""
    return {
        "items": list(scale.items),
        "reverse": list(scale.reverse),
        "minimum": scale.minimum,
        "maximum": scale.maximum,
        "standardise": scale.standardise,
        "at_least": scale.at_least,
    }


def literal(value: Any) -> str:
    """A value as R writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"c({', '.join(literal(item) for item in value)})" if value else "character(0)"
    if isinstance(value, dict):
        return f"list({', '.join(f'{name(key)} = {literal(item)}' for key, item in value.items())})"
    return repr(value)


def name(key: str) -> str:
    """A name in a list, in the marks that R wants around unusual ones."""
    return "`" + key.replace("\\", "\\\\").replace("`", "\\`") + "`"


def str_of(value: object) -> str:
    """A value of the treatment as words; a truth value as R writes it."""
    return str(value).upper() if isinstance(value, bool) else str(value)


def part(name: str) -> str:
    """One of the parts beside this module."""
    return (resources.files("commonbeat.estimate.scripts") / "r" / f"{name}.R").read_text(encoding="utf-8")
