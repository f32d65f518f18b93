"""Imports point down, and the kernels know arrays only."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "commonbeat"
KERNELS_MAY_IMPORT = {"__future__", "collections", "typing", "math", "numpy", "numba", "llvmlite", "scipy"}


def imported_by(path: Path) -> set[str]:
    """The top-level names of everything that a file imports; our own with the package below `commonbeat`."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {".".join(name.split(".")[:2]) if name.startswith("commonbeat.") else name.split(".")[0] for name in names}


def test_the_floors_hold() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_kernels_know_numpy_and_numba_only() -> None:
    own = {"commonbeat.kernels", "commonbeat.luck"}
    files = [*sorted((SOURCES / "kernels").glob("*.py")), SOURCES / "luck.py"]
    assert len(files) > 2
    for path in files:
        allowed = KERNELS_MAY_IMPORT | own - ({"commonbeat.kernels"} if path.name == "luck.py" else set())
        if path.name != "luck.py":
            allowed -= {"scipy"}
        assert imported_by(path) <= allowed, path


def test_the_errors_need_nothing() -> None:
    assert imported_by(SOURCES / "errors.py") <= {"__future__", "collections", "dataclasses", "difflib", "typing"}


def test_every_package_has_a_floor() -> None:
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = " ".join(next(each for each in contracts if each["id"] == "floors")["layers"])
    known = set(floors.replace("(", "").replace(")", "").replace("|", "").split())
    packages = {path.parent.name for path in SOURCES.glob("*/__init__.py")}
    modules = {path.stem for path in SOURCES.glob("*.py")} - {"__init__"}
    assert packages | modules == known
