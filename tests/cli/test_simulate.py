"""The whole way, as a user goes it: a scenario in, a run folder and a report out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commonbeat.cli import run
from commonbeat.cli.progress import narrated
from commonbeat.cli.show_run import show_run, thousandths
from tests.results.synthetic import make_synthetic_run
from tests.workflows.test_run_scenario import SCENARIO

LARGEST_REPORT = 2_000_000


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_json_is_all_that_stands_on_standard_output(scenario, tmp_path, capsys) -> None:
    out = tmp_path / "run"
    assert run(["simulate", str(scenario), "--out", str(out), "--draws", "2", "--workers", "1", "--json"]) == 0
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    assert document["draws"] == 2
    assert document["report"] == str(out / "report.html")
    assert {row["arm"] for row in document["effects"]} == {"outlet_clip"}
    assert all(row["low"] <= row["median"] <= row["high"] for row in document["effects"])
    assert "Opening the society" in shown.err
    report = (out / "report.html").read_bytes()
    assert report.lstrip().lower().startswith(b"<!doctype html>")
    assert len(report) < LARGEST_REPORT


def test_the_screen_ends_with_where_the_report_is(scenario, tmp_path, capsys) -> None:
    out = tmp_path / "run"
    assert run(["simulate", str(scenario), "--out", str(out), "--draws", "1", "--workers", "1"]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[-1] == f"Report: {out / 'report.html'}"
    assert "figures about the society are assumed" in shown
    assert "0 of 1" in shown or "1 of 1" in shown
    assert "For the worst-off group, Black residents, 'outlet_clip' has the highest median effect" in shown
    assert "Elsewhere" not in shown.partition("Effect on mean trust")[2]


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ((-0.00000002, 0.00005, 0.0001234), "0.050 (0 to 0.123)"),
        ((0.00867, 0.0397, 0.0972), "39.7 (8.7 to 97.2)"),
        ((-5.1e-8, 1e-9, 2e-6), "0 (-0.0001 to 0.0020)"),
        ((0.0, 0.0, 0.0), "0 (0 to 0)"),
        ((-2.5, 1.25, 3.0), "1250 (-2500 to 3000)"),
    ],
)
def test_the_figures_of_an_effect_have_one_format(effect, said) -> None:
    assert thousandths(*effect) == said


def test_the_table_fits_a_terminal_of_80_columns(tmp_path, capsys, monkeypatch) -> None:
    from rich.console import Console

    made_up = make_synthetic_run(tmp_path / "made-up")
    monkeypatch.setattr("commonbeat.cli.show_run.console", lambda: Console(width=80))
    show_run(made_up, as_json=False)
    lines = capsys.readouterr().out.partition("Effect on mean trust")[2].partition("Report:")[0].splitlines()
    assert max(len(line) for line in lines) <= 80
    assert any(line.strip() == "fewer_stops" for line in lines)
    assert any("All other residents" in line and " to " in line and " of " in line for line in lines)


def test_lines_are_not_wrapped_where_there_is_no_terminal(capsys) -> None:
    with narrated() as narrator:
        narrator.says("word " * 60)
        for done in range(41):
            narrator.progress(done, 40)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert lines[-1] == "40 of 40 draws are done"


def test_ctrl_c_is_answered_at_once(capsys) -> None:
    with pytest.raises(KeyboardInterrupt), narrated():
        signal.raise_signal(signal.SIGINT)
    assert capsys.readouterr().err == "stopping; what is finished is kept\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.slow
def test_ctrl_c_ends_with_1_and_a_plain_sentence(scenario, tmp_path) -> None:
    out, partial = tmp_path / "run", tmp_path / "run.partial"
    words = [sys.executable, "-m", "commonbeat", "simulate", str(scenario), "--out", str(out), "--draws", "400"]
    process = subprocess.Popen(
        [*words, "--workers", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + 480
    while not list(partial.glob("draw-*.zip")) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    try:
        shown, told = process.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        pytest.fail("Ctrl-C did not end the command")
    assert process.returncode == 1, told
    assert shown == ""
    assert "Traceback" not in told
    assert told.count("stopping; what is finished is kept") == 1
    assert "the same command goes on from them" in " ".join(told.split())
    assert list(partial.glob("draw-*.zip"))
    assert not out.exists()
