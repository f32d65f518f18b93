"""The work of an export that was asked for in the app, and what its page tells of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from commonbeat.web.jobs.folder import WorkOrder
    from commonbeat.workflows.narrator import Narrator

MADE: Final = "made.json"


def export_answers(order: WorkOrder, folder: Path, narrator: Narrator) -> Path:
    """The file stands beside others in the project's folder of exports, with its codebook. Raises what `export_study` raises."""
    from commonbeat.results.disk import write_whole
    from commonbeat.storage import open_store, where_store
    from commonbeat.workflows.listen_export import export_study

    given = order.arguments
    path = Path(f"{order.out}{given['ending']}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    narrator.says("reading the answers")
    with open_store(where_store(), create=False) as store:
        made = export_study(
            store,
            given["study"],
            path,
            form=given["form"],
            language=given["language"] or None,
            texts=given["texts"],
            arm=given["arm"],
            replace=True,  # the name is this job's own: what is there is of a worker that was ended
        )
    told = {
        "files": [each.name for each in (made.file, made.codebook) if each],
        "rows": made.rows,
        "columns": made.columns,
        "notes": made.notes,
    }
    write_whole(folder / MADE, json.dumps(told, ensure_ascii=False).encode())
    return path


def made_by(folder: Path) -> dict[str, Any] | None:
    """What the job in the folder has made (files, rows, columns, notes), or None before it has."""
    try:
        found = json.loads((folder / MADE).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
