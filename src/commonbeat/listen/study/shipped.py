"""The studies that come with the package, and the file that a path or a name means."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

SHIPPED: Final = ("dance-off-present", "dance-off-residents", "dance-off-viewers")


def shipped_study(name: str) -> Path:
    """The file of the shipped study of that name: one of SHIPPED."""
    return Path(str(resources.files("commonbeat") / "studies" / f"{name}.toml"))


def study_file(path: str | Path) -> Path:
    """The file at `path`; a shipped name means the shipped file, unless a file of that name stands there."""
    if str(path) in SHIPPED and not Path(path).exists():
        return shipped_study(str(path))
    return Path(path)
