"""What the answer was made of: the data, the design, the code and the versions, so that the same numbers can come out again."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.report.study.study import Study

SHORT = 16  # letters of a hash that are enough to compare by eye


@dataclass(frozen=True, slots=True)
class Made:
    """Lines of name and value, hashes whole; `short` has them cut for paper."""

    lines: tuple[tuple[str, str], ...]

    @property
    def short(self) -> tuple[tuple[str, str], ...]:
        """The same lines with the beginning of each hash."""
        return tuple((name, f"{value[:SHORT]}…" if name.endswith("SHA-256") else value) for name, value in self.lines)


def made(study: Study) -> Made:
    """Everything that has to be the same for the same numbers to come out."""
    from commonbeat.estimate.plan import code_hash, design_hash

    data = study.analysis.data
    versions = study.analysis.versions or {"Python": platform.python_version()}
    lines = [
        ("Data", data.name),
        ("Data, SHA-256", data.sha256),
        ("Rows read, rows used", f"{data.rows_read:,}, {data.rows_used:,}"),
        *((f"Left out: {why}", f"{count:,}") for why, count in data.dropped),
        ("Design, SHA-256", design_hash(study.design)),
        ("Code, SHA-256", code_hash()),
        ("Seed", str(study.design.seed)),
        ("Versions", ", ".join(f"{name} {version}" for name, version in versions.items())),
    ]
    return Made(tuple(lines))
