"""Trees written to files and read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from commonbeat.record import Consent, Encounter, load_consent, load_record


def written(folder: Path, tree: Any, name: str = "record.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def read(folder: Path, tree: Any) -> Encounter:
    return load_record(written(folder, tree))


def read_consent(folder: Path, tree: Any) -> Consent:
    return load_consent(written(folder, tree, "consent.json"))
