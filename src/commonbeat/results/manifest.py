"""The manifest of a run: what made it, from what, and the hash of every table."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistakes, RunFolderError
from commonbeat.results.content import joint_hash, table_hash

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

LAYOUT = 1  # of the run folder; a reader refuses a layout it does not know
LIBRARIES = ("duckdb", "numba", "numpy", "polars", "pyarrow", "scipy")

# What the caller must say, because nothing here could find it out.
GIVEN: Mapping[str, tuple[type, str]] = {
    "seed": (int, "the seed that all luck of the run starts from"),
    "draws": (int, "how many draws the run has"),
    "days": (int, "how many days each draw has"),
    "reference": (str, "the arm that the others are compared with"),
    "society_hash": (str, "content hash of the society"),
    "parameter_ledger_hash": (str, "content hash of the evidence and parameter ledger"),
}


def whole_manifest(given: Mapping[str, Any], scenario_text: str, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The caller's entries with those that the run itself provides; file hashes come when the files are there.

    Raises RunFolderError listing every entry of `GIVEN` that is missing or of the wrong type.
    """
    mistakes = Mistakes()
    for name, (kind, meaning) in GIVEN.items():
        if not isinstance(given.get(name), kind):
            mistakes.add(f"manifest.{name}", given.get(name), f"must be {kind.__name__}", f"It is {meaning}.")
    mistakes.raise_if_any(RunFolderError, "The manifest of the run is not whole:")
    hashes = {name: table_hash(name, table) for name, table in tables.items()}
    own = {
        "layout": LAYOUT,
        "version": importlib.metadata.version("commonbeat"),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "scenario_hash": text_hash(scenario_text),
        "content_hash": joint_hash(hashes),
        "machine": machine(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "tables": {name: {"rows": table.height, "content": hashes[name]} for name, table in tables.items()},
    }
    return {**given, **own}


def machine() -> dict[str, object]:
    """What about the machine may matter to a result; never its name or whose it is."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def text_hash(text: str) -> str:
    """SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_json(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as indented JSON in UTF-8, keys sorted so that two manifests can be laid side by side."""
    return (json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()
