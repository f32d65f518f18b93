"""The work of an estimate that was asked for in the app: it leaves a folder of results, or raises what is wrong with the design."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.errors import DataFileError, Mistake

if TYPE_CHECKING:
    from commonbeat.web.jobs.folder import WorkOrder
    from commonbeat.workflows.estimate import Estimated
    from commonbeat.workflows.narrator import Narrator

DESIGN: Final = "design.json"
DRAFT: Final = "draft"


class Remarks:
    """A narrator that hands on what is said, and keeps what tells that a saved finding does not count."""

    def __init__(self, narrator: Narrator) -> None:
        self._narrator = narrator
        self.said: list[str] = []

    def says(self, text: str) -> None:
        """The sentence is handed on, and kept where it tells what does not count."""
        self._narrator.says(text)
        if text.startswith("Shown, not counted"):
            self.said.append(text)

    def progress(self, done: int, total: int) -> None:
        """The count is handed on."""
        self._narrator.progress(done, total)


def estimate_dropped(order: WorkOrder, folder: Path, narrator: Narrator) -> Path:
    """The estimate stands in order.out, whole. Raises what `estimate_effects` raises, and DataFileError where the file was deleted meanwhile."""
    from commonbeat.web.estimate.kept_data import find_data
    from commonbeat.workflows.estimate import estimate_effects

    project, remarks = Path.cwd(), Remarks(narrator)
    data = find_data(project, order.arguments["data"])
    if data is None:
        raise DataFileError(
            "There is nothing to estimate from:", [Mistake("file", None, "was deleted", "Drop it again.")]
        )
    draft = folder / DRAFT
    shutil.rmtree(draft, ignore_errors=True)  # of a worker that was ended
    found = estimate_effects(
        data.file,
        options=json.loads((folder / DESIGN).read_bytes()),
        out=draft,
        project=project,
        sheet=data.sheet or None,
        languages=("r", "stata"),
        narrator=remarks,
    )
    _leave_answer(found, remarks.said, draft, data.file)
    out = Path(order.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    return draft.rename(out)


def _leave_answer(found: Estimated, remarks: list[str], folder: Path, data: Path) -> None:
    """Beside the report stands what the page of the result shows first; scripts name the file as its owner knows it."""
    from commonbeat.results.disk import write_whole
    from commonbeat.workflows.web_reports import ANSWER

    for script in (*folder.glob("*.R"), *folder.glob("*.do")):
        text = script.read_text(encoding="utf-8")
        write_whole(script, text.replace(str(data), data.name).encode())
    analysis = found.analysis
    rows = [row for section in analysis.sections for row in section.rows]
    document = {
        "title": analysis.design.title or data.stem,
        "answer": found.answer,
        "finding": found.findings.name if found.findings else "",
        "remarks": remarks,
        "warnings": list(dict.fromkeys([*analysis.data.warnings, *(word for row in rows for word in row.warnings)])),
        "weaknesses": list(analysis.weaknesses),
        "would_change": list(analysis.would_change),
        "rows_read": analysis.data.rows_read,
        "rows_used": analysis.data.rows_used,
        "primary": [row.as_row() for row in analysis.primary],
    }
    write_whole(folder / ANSWER, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
