"""The process that estimates: it bounds itself, leaves a folder of results or the mistakes in the design, and ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def main() -> int:
    """The estimate stands in its folder, or `told.json` of the order says what is wrong."""
    from commonbeat.web.security.child_reading import bound

    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    bound(order["memory_bytes"], order["processor_s"])
    from commonbeat.errors import CommonBeatError, InputError
    from commonbeat.workflows.estimate import estimate_effects

    remarks, told = Remarks(), {}
    try:
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
    except InputError as error:
        mistakes = [[each.place, _plain(each.value), each.rule, each.way_out] for each in error.mistakes]
        told = {"heading": error.heading, "mistakes": mistakes}
    except CommonBeatError as error:
        told = {"heading": str(error), "mistakes": []}
    Path(order["told"]).write_text(json.dumps(told), encoding="utf-8")
    return 0


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


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


if __name__ == "__main__":
    sys.exit(main())
