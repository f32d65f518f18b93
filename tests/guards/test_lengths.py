"""One idea, one file: files stay below 400 lines and functions below 40, their docstrings not counted."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

SOURCES = sorted((Path(__file__).parents[2] / "src" / "commonbeat").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without signature and docstring: an argument to a line is no complexity."""
    body = function.body
    first = body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    starts = body[1] if documented and len(body) > 1 else first
    return (function.end_lineno or function.lineno) - starts.lineno + 1


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path.name: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}
    assert statistics.median(lengths.values()) <= 200


def test_functions_are_short() -> None:
    long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > LONGEST_FUNCTION:
                long[f"{path.name}: {node.name}"] = length(node)
    assert long == {}


def test_nothing_is_called_utils() -> None:
    names = {path.stem for path in SOURCES} | {path.parent.name for path in SOURCES}
    assert not names & {"utils", "util", "helpers", "misc", "common", "manager"}
