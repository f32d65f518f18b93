"""The analysis as a script that a reader can run elsewhere: in R, or in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from commonbeat.estimate.scripts.r_script import r_script
from commonbeat.estimate.scripts.stata_script import columns_of, stata_script

if TYPE_CHECKING:
    from commonbeat.datafile import Layout
    from commonbeat.estimate.analysis import Analysis
    from commonbeat.estimate.design import Design

__all__ = ["analysis_script", "columns_of", "r_script", "stata_script"]


def analysis_script(
    study: Analysis | Design,
    language: Literal["r", "stata"],
    *,
    data: str = "",
    sheet: str = "",
    layout: Layout | None = None,
) -> str:
    """The script of a study in R or Stata, ready to run beside its data file.

    data: the data file's path as the script should name it; left out, the analysis' own file name. sheet: of a workbook; left out, its first.
    layout: of the data file, as `file_layout` finds it for `columns_of(design)`; left out, the script looks for itself. R gives the same numbers. Stata has no CR2, and
    the script says which standard errors it gives instead.
    """
    from commonbeat.estimate.analysis import Analysis

    if isinstance(study, Analysis):
        design, name = study.design, data or study.data.name
    else:
        design, name = study, data or "data.csv"
    written = r_script if language == "r" else stata_script
    return written(design, name, sheet, layout)
