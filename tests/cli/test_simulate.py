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


@pytest.mark.slow
def test_ctrl_c_ends_with_1_and_a_plain_sentence(scenario, tmp_path) -> None:
    out, partial = tmp_path / "run", tmp_path / "run.partial"
    words = [sys.executable, "-m", "commonbeat", "simulate", str(scenario), "--out", str(out), "--draws", "400"]
    process = subprocess.Popen(
        [*words, "--workers", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + 120
    while not list(partial.glob("draw-*.zip")) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    try:
        shown, told = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        pytest.fail("Ctrl-C did not end the command")
    assert process.returncode == 1, told
    assert shown == ""
    assert "Traceback" not in told
    assert "the same command goes on from them" in " ".join(told.split())
    assert list(partial.glob("draw-*.zip"))
    assert not out.exists()
