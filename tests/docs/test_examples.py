"""Every example in docs/ and the README works: commands, Python, TOML, and what they are said to print."""

from __future__ import annotations

import contextlib
import io
import itertools
import shlex
import shutil
from pathlib import Path

import pytest

from commonbeat.cli import run
from commonbeat.cli.commands import app
from commonbeat.scenario import SHIPPED, parse_scenario, shipped_text
from tests.docs.pages import Block, blocks, commands, fits, pages
from tests.workflows.studies import trial_table

# What takes minutes is understood and not run. A run of the demo's arms on the invented small society stands for it.
SLOW_COMMANDS = {"demo", "compare", "validate", "sensitivity", "fit"}
NEEDS_WEIGHTS = {("record", "video"), ("record", "blur")}
SLOW_OPTIONS = {"--png"}
STAND_IN = "runs/dance-off"
A_DESIGN = 'outcome = "trust"\ntreatment = "visited"\ncluster = "street"\nbaseline = "before"\nclaim = "C5"\n'


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory) -> Path:
    """The shipped dance-off, run on the small society with two draws."""
    from commonbeat import run_scenario

    folder = tmp_path_factory.mktemp("stand-in")
    text = shipped_text("dance-off").replace('society = "minneapolis"', 'society = "small"')
    (folder / "dance-off.toml").write_text(text, encoding="utf-8")
    return run_scenario(folder / "dance-off.toml", out=folder / "run", settings={"draws": 2}, workers=1).folder


@pytest.fixture
def desk(tmp_path, monkeypatch, stand_in) -> Path:
    """A folder to work in, with a stand-in for the demo's run, a made-up study, and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMMONBEAT_CACHE", str(tmp_path / "cache"))
    shutil.copytree(stand_in, tmp_path / STAND_IN)
    trial_table().write_csv(tmp_path / "visits.csv")
    # A clip of sixty shares, quicker at first.
    hours = [12 * (place / 60) ** 2 for place in range(61)]
    (tmp_path / "shares.csv").write_text("hours\n" + "\n".join(f"{each:.4f}" for each in hours), encoding="utf-8")
    (tmp_path / "visits.toml").write_text(A_DESIGN, encoding="utf-8")
    # Two coders of twelve moments, and of sixty headlines before and after a day.
    moments = [
        f"{unit},joining,{coder},{'child' if (unit + (coder == 'bo')) % 3 else 'officer'}"
        for unit in range(12)
        for coder in ("ann", "bo")
    ]
    (tmp_path / "codes.csv").write_text("unit,code,coder,value\n" + "\n".join(moments), encoding="utf-8")
    headlines = [
        f"{text},2026-{5 + text % 4:02}-20,{coder},officer_helper,{'yes' if text % (2 + text % 3) else 'no'}"
        for text in range(60)
        for coder in ("ann", "bo")
    ]
    (tmp_path / "headlines.csv").write_text("unit,date,coder,code,value\n" + "\n".join(headlines), encoding="utf-8")
    return tmp_path


def understood(words: list[str]) -> None:
    """The command line takes these words."""
    function, _, _ = app.parse_args(words, exit_on_error=False, print_error=False)
    assert function.__module__.startswith("commonbeat.cli."), f"{words} only asks for help"


def is_slow(words: list[str]) -> bool:
    return (
        words[0] in SLOW_COMMANDS
        or tuple(words[:2]) in NEEDS_WEIGHTS
        or not SLOW_OPTIONS.isdisjoint(words)
        or (words[0] == "simulate" and words[1] in SHIPPED)
        or (words[0] == "power" and not words[1].endswith(".toml"))
        or any(word.startswith("runs/") and not Path(word).exists() and word not in made_by(words) for word in words)
    )


def is_about_a_server(words: list[str]) -> bool:
    """Whether the command serves until somebody ends it, asks for a password, or copies what a server has kept: tests/web runs those."""
    return words[0] == "web" or words[:2] == ["listen", "serve"]


def made_by(words: list[str]) -> list[str]:
    """What the command itself makes."""
    return [words[place + 1] for place, word in enumerate(words) if word == "--out"]


def check_command(command: str, said: list[str], capsys) -> None:
    program, *words = shlex.split(command)
    if program != "commonbeat":
        assert program in {"./scripts/demo", "./scripts/test"}, command
        return
    understood(words)
    if is_about_a_server(words):
        return
    if is_slow(words):
        assert not said, f"{command}: nobody checks what it is said to print"
        return
    capsys.readouterr()
    code = run(words)
    printed = capsys.readouterr()
    shown = printed.out if code == 0 else printed.err
    assert code in {0, 2}, printed.err
    assert not said or fits(said, shown.splitlines()), f"{command}\n{shown}"
    assert said or code == 0, f"{command}: {printed.err}"


def check_python(block: Block, said: str | None, names: dict[str, object]) -> None:
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        exec(compile(block.text, f"line {block.line}", "exec"), names)  # noqa: S102 - our own example
    if said is not None:
        assert fits(said.splitlines(), heard.getvalue().splitlines()), heard.getvalue()


def check_toml(block: Block, desk: Path) -> None:
    """A part of the ledger stands there as it is shown; a study's design and a team's items are whole; any other part completes the shipped scenario."""
    if block.text.startswith("[[parameter]]"):
        from commonbeat.evidence.ledger import packaged

        assert block.text in packaged("parameters.toml").read_text(encoding="utf-8")
    elif "[[scale." in block.text:
        from commonbeat.listen.bank.read import load_bank

        own = desk / "own-items.toml"
        own.write_text(block.text, encoding="utf-8")
        assert load_bank(own).own
    elif "outcome = " in block.text:
        from commonbeat.estimate.design import parse_design

        parse_design(block.text, source=f"line {block.line}")
    else:
        parse_scenario(f"{shipped_text('dance-off')}\n{block.text}", source=f"line {block.line}")


@pytest.mark.parametrize("path", [path for path in pages() if blocks(path)], ids=lambda path: path.stem)
def test_examples_work(path, desk, capsys):
    names: dict[str, object] = {}
    for block, after in itertools.pairwise([*blocks(path), None]):
        if block.file:
            (desk / block.file).parent.mkdir(parents=True, exist_ok=True)
            (desk / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            shown = after.text if after is not None and after.language == "text" and not after.file else None
            check_python(block, shown, names)
        elif block.language in {"console", "bash"}:
            for command, said in commands(block):
                check_command(command, said, capsys)
        elif block.language == "toml":
            check_toml(block, desk)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_every_block_has_a_language_that_is_checked(path):
    checked = {"bash", "console", "python", "text", "toml", "{toctree}", "{include}"}
    assert {block.language for block in blocks(path)} <= checked
    used = "".join(block.text for block in blocks(path) if not block.file)
    for block in blocks(path):
        if block.file:
            assert block.file in used or Path(block.file).parent.name in used + "my-town bad-town", block.file


def test_the_pages_have_examples():
    found = [block for path in pages() for block in blocks(path)]
    count = {language: sum(block.language == language for block in found) for language in ("console", "python", "toml")}
    assert count["console"] >= 15
    assert count["python"] >= 5
    assert count["toml"] >= 7


def test_what_fits_and_what_does_not():
    assert fits(["a  b", "...", "d"], [" a b ", "c", "", "d"])
    assert fits(["...", "b"], ["b"])
    assert not fits(["a", "b"], ["a", "x", "b"])
    assert not fits(["a", "..."], ["b", "a"])
    assert not fits(["a"], ["a", "b"])
