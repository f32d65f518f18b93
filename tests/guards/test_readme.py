"""What README.md and ARCHITECTURE.md tell to type or to open works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from commonbeat.cli import run

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
RUN_HERE = {"claims", "evidence", "schema"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [
    shlex.split(line, comments=True)
    for block in blocks("bash")
    for line in block.splitlines()
    if line.startswith("commonbeat ")
]


def test_there_is_something_to_check() -> None:
    assert len(COMMANDS) >= 10
    assert len(blocks("python")) == 1


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[1] in RUN_HERE], ids=" ".join)
def test_commands_on_the_ledgers_run(words: list[str], capsys) -> None:
    assert run(words[1:]) == 0
    assert len(capsys.readouterr().out) > 100


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[1] not in RUN_HERE], ids=" ".join)
def test_commands_on_runs_are_understood(words: list[str]) -> None:
    from commonbeat.cli.commands import app

    _, bound, _ = app.parse_args(words[1:], exit_on_error=False, print_error=False)
    assert bound.arguments


def test_the_python_example_runs(capsys) -> None:
    exec(compile(blocks("python")[0], "README.md", "exec"), {})  # noqa: S102 - our own example
    shown = capsys.readouterr().out
    assert "C16" in shown
    assert "SD of trust" in shown


def test_scripts_that_are_named_exist() -> None:
    for name in ("scripts/demo", "scripts/test"):
        assert f"./{name}" in README
        assert (ROOT / name).stat().st_mode & 0o100


@pytest.mark.parametrize("text", [README, ARCHITECTURE], ids=["README", "ARCHITECTURE"])
def test_links_and_paths_lead_somewhere(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.[a-z]+)?)`", text):
        assert (ROOT / path).exists() or (ROOT / "src" / "commonbeat" / path).exists(), path
