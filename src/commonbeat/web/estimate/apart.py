"""An estimate is made by a process of its own: what a file holds cannot reach the server, and a long one does not hold it up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from commonbeat.web.security.apart import free_folder, run_apart

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.web.estimate.kept_data import KeptData

CHILD: Final = "commonbeat.web.estimate.child"
FOLDER: Final = "estimates"


def estimate_apart(project: Path, data: KeptData, design: dict[str, Any]) -> str:
    """The name of the folder below the project's estimates in which the result stands.

    Raises DesignError or DataFileError with the estimator's own mistakes, InputError while two others run, FailureError where the process broke down.
    """
    title = str(design.get("title") or data.file.stem)
    word = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50] or "estimate"
    out = free_folder(project / FOLDER, word)
    where = {"data": str(data.file), "sheet": data.sheet, "out": str(out), "project": str(project)}
    run_apart(CHILD, {**where, "design": design})
    return out.name
