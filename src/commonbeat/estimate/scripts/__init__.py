"""The analysis as a script that a reader can run elsewhere: in R, or in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from commonbeat.estimate.scripts.r_script import r_script
from commonbeat.estimate.scripts.stata_script import stata_script

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import Analysis
    from commonbeat.estimate.design import Design

__all__ = ["analysis_script", "r_script", "stata_script"]


def analysis_script(
    study: Analysis | Design, language: Literal["r", "stata"], *, data: str = "", sheet: str = ""
) -> str:
    """The script of a study in R or Stata, ready to run beside its data file.

    data: the data file's path as the script should name it; left out, the analysis' own file name. sheet: of a workbook; left out, its first. R gives the same numbers. Stata has no CR2, and
    the script says which standard errors it gives instead.
    """
    from commonbeat.estimate.analysis import Analysis

    if isinstance(study, Analysis):
        design, name = study.design, data or study.data.name
    else:
        design, name = study, data or "data.csv"
    return r_script(design, name, sheet) if language == "r" else stata_script(design, name, sheet)
