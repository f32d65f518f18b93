"""The folder of a measured clip: tables, page, draft and manifest, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from commonbeat.workflows.record_video_kept import OWNER_ONLY

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from commonbeat.record import Encounter
    from commonbeat.record.video.instrument.measured import Measured
    from commonbeat.record.video.models.weights import Models
    from commonbeat.record.video.observed import Tracks
    from commonbeat.results.columns import Table
    from commonbeat.workflows.record_video import Order

PAGE, DRAFT, DOCUMENT, MANIFEST = "report.html", "encounter-draft.toml", "measured.json", "manifest.json"
LIBRARIES = ("av", "numpy", "opencv-python-headless", "openvino", "polars", "scipy")


def save(order: Order, measured: Measured, draft: Encounter, tracks: Tracks, models: Models) -> None:
    """The folder stands whole; only its owner may read it, for it tells where people were."""
    from commonbeat.record import record_toml
    from commonbeat.report.video import render_video
    from commonbeat.results.disk import whole_folder, write_parquet
    from commonbeat.results.manifest import as_json
    from commonbeat.workflows.record_video_document import document
    from commonbeat.workflows.record_video_tables import keypoints_table, tables_of

    tables = tables_of(measured)
    if order.scopes["keep"]:
        tables["keypoints"] = keypoints_table(tracks, measured.facts)
    texts = {
        PAGE: render_video(measured),
        DRAFT: record_toml(draft),
        DOCUMENT: json.dumps(document(measured), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
    }
    with whole_folder(order.folder) as folder:
        folder.chmod(OWNER_ONLY)
        for name, table in tables.items():
            write_parquet(folder / f"{name}.parquet", table)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / MANIFEST).write_bytes(as_json(manifest_of(order, measured, tables, models)))


def manifest_of(order: Order, measured: Measured, tables: Mapping[str, pl.DataFrame], models: Models) -> dict[str, Any]:
    """What made the folder, from what, under which consent, and what each column means."""
    from importlib.metadata import PackageNotFoundError, version

    from commonbeat.record.video.models.weights import WEIGHTS
    from commonbeat.results.manifest import machine
    from commonbeat.workflows.record_video_schema import TABLES

    def version_of(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "unknown"

    return {
        "kind": "video",
        "version": version("commonbeat"),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "clip": {"name": measured.facts.name, "sha256": measured.facts.sha256},
        "settings": asdict(order.asked),
        "consent": {
            "identifier": order.consent.identifier,
            "encounter": order.consent.encounter,
            "day": order.day.isoformat(),
            "scopes": {"analyse": True, **order.scopes},
        },
        "models": {weight.name: weight.sha256 for weight in WEIGHTS},
        "models_folder": models.faces.parent.name,
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "machine": machine(),
        "tables": {table.name: _told(table, tables[table.name].height) for table in TABLES if table.name in tables},
    }


def _told(table: Table, rows: int) -> dict[str, Any]:
    """How many rows a table has, and what it and its columns mean."""
    columns = [
        {"name": each.name, "unit": each.unit, "meaning": each.meaning, "missing": each.missing}
        for each in table.columns
    ]
    return {"rows": rows, "meaning": table.meaning, "columns": columns}
