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
    from commonbeat.record.video.instrument.measured import Chance, GroupMeasure, Measured, Pair
    from commonbeat.record.video.models.weights import Models
    from commonbeat.record.video.observed import Tracks
    from commonbeat.workflows.record_video import Order

PAGE, DRAFT, DOCUMENT, MANIFEST = "report.html", "encounter-draft.toml", "measured.json", "manifest.json"
LIBRARIES = ("av", "librosa", "numpy", "opencv-python-headless", "openvino", "polars", "scipy")


def save(order: Order, measured: Measured, draft: Encounter, tracks: Tracks, models: Models) -> None:
    """The folder stands whole; only its owner may read it, for it tells where people were."""
    from commonbeat.record import record_toml
    from commonbeat.report.video import render_video
    from commonbeat.results.disk import whole_folder, write_parquet
    from commonbeat.results.manifest import as_json
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
        "tables": {
            table.name: {
                "rows": tables[table.name].height,
                "meaning": table.meaning,
                "columns": [
                    {"name": each.name, "unit": each.unit, "meaning": each.meaning, "missing": each.missing}
                    for each in table.columns
                ],
            }
            for table in TABLES
            if table.name in tables
        },
    }


def document(measured: Measured) -> dict[str, Any]:
    """Everything that is said of the clip but its series and pictures, as plain values for JSON."""
    facts, sound, smiling = measured.facts, measured.sound, measured.smiling
    return {
        "clip": {**asdict(facts), "notes": list(facts.notes)},
        "analysed": {
            "start_s": measured.span[0],
            "until_s": measured.span[1],
            "frames": measured.frames,
            "rate": round(measured.rate, 3),
        },
        "camera_known": _rounded(float(measured.moments.coverage.mean()) if len(measured.moments.coverage) else 0.0),
        "people": [
            {
                "number": each.number,
                "first_s": _rounded(each.first_s),
                "last_s": _rounded(each.last_s),
                "coverage": _rounded(each.coverage),
            }
            for each in measured.people
        ],
        "pairs": [_pair(each) for each in measured.pairs],
        "happenings": [
            {
                "kind": each.kind,
                "start_s": _rounded(each.start_s),
                "end_s": _rounded(each.end_s),
                "uncertainty_s": _rounded(each.uncertainty_s),
                "people": list(each.people),
                "words": each.words,
            }
            for each in measured.happenings
        ],
        "groups": [
            {"start_s": _rounded(span[0]), "end_s": _rounded(span[1]), "people": list(people)}
            for span, people in measured.groups
        ],
        "everybody": [_group_measure(each) for each in measured.measures],
        "beat": _group_measure(measured.beat),
        "sound": None
        if sound is None
        else {
            "speech": _rounded(sound.speech),
            "music": _rounded(sound.music),
            "cannot_tell": _rounded(sound.unclear),
            "beats_a_minute": _rounded(sound.tempo_bpm),
            "beats_a_minute_low": _rounded(sound.tempo_low),
            "beats_a_minute_high": _rounded(sound.tempo_high),
            "beat_words": sound.tempo_words,
            "beats": len(sound.beats),
            "notes": list(sound.notes),
        },
        "smiling": {
            "share": _rounded(smiling.share),
            "low": _rounded(smiling.low),
            "high": _rounded(smiling.high),
            "coverage": _rounded(smiling.coverage),
            "why_not": smiling.why_not,
        },
        "pictures": {"shown": len(measured.key_frames), "why_not": measured.pictures_why_not},
        "not_measured": [{"what": what, "why": why} for what, why in measured.not_measured],
        "cautions": list(measured.cautions),
    }


def _pair(pair: Pair) -> dict[str, Any]:
    lag = pair.lag
    return {
        "first": pair.first,
        "second": pair.second,
        "both_s": _rounded(pair.both_s),
        "near_s": _rounded(pair.near_s),
        "near": [[_rounded(start), _rounded(end)] for start, end in pair.near],
        "distance": _rounded(pair.distance),
        "distance_low": _rounded(pair.distance_low),
        "distance_high": _rounded(pair.distance_high),
        "depth_unclear": _rounded(pair.depth_unclear),
        "facing": _rounded(pair.facing),
        "facing_coverage": _rounded(pair.facing_coverage),
        "joint_s": _rounded(pair.joint_s),
        "together": _chance(pair.together),
        "without_beat": _chance(pair.without_beat),
        "lag": None if lag is None else {name: _rounded(value) for name, value in asdict(lag).items()},
        "why_not": pair.why_not,
    }


def _group_measure(measure: GroupMeasure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "meaning": measure.meaning,
        "value": _chance(measure.chance),
        "why_not": measure.why_not,
    }


def _chance(chance: Chance | None) -> dict[str, float | None] | None:
    return None if chance is None else {name: _rounded(value) for name, value in asdict(chance).items()}


def _rounded(value: float | None) -> float | None:
    """Four decimals, and nothing where a number is not known."""
    return None if value is None or value != value else round(float(value), 4)  # noqa: PLR0124 - NaN
