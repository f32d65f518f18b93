"""The process that estimates: it leaves a folder of results, or the mistakes in the design."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.web.security.apart import work_apart

if TYPE_CHECKING:
    from commonbeat.workflows.estimate import Estimated

ANSWER = "answer.json"


class Remarks:
    """A narrator that keeps what is said of a finding that was saved."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def says(self, text: str) -> None:
        """The sentence is kept where it tells what does not count."""
        if text.startswith("Shown, not counted"):
            self.said.append(text)

    def progress(self, done: int, total: int) -> None:
        """Nobody looks on."""


def work(order: dict[str, Any]) -> None:
    """The estimate stands in its folder. Raises what `estimate_effects` raises."""
    from commonbeat.workflows.estimate import estimate_effects

    remarks = Remarks()
    found = estimate_effects(
        order["data"],
        options=order["design"],
        out=order["out"],
        project=order["project"],
        sheet=order["sheet"] or None,
        languages=("r", "stata"),
        narrator=remarks,
    )
    leave_answer(found, remarks.said, order["data"])


def leave_answer(found: Estimated, remarks: list[str], data: str) -> None:
    """Beside the report stands what the page of the result shows first; scripts name the file as its owner knows it."""
    from commonbeat.results.disk import write_whole

    folder, analysis = found.folder, found.analysis
    if folder is None:
        return
    for script in (*folder.glob("*.R"), *folder.glob("*.do")):
        text = script.read_text(encoding="utf-8")
        write_whole(script, text.replace(data, Path(data).name).encode())
    rows = [row for section in analysis.sections for row in section.rows]
    document = {
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


if __name__ == "__main__":
    sys.exit(work_apart(work))
