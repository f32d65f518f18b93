"""A run folder is there whole or not at all, and says when it no longer is what was run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from commonbeat.errors import RunFolderError, WriteError
from commonbeat.results import run_folder
from commonbeat.results.run_folder import attach_file, open_run, write_run
from tests.results.synthetic import make_synthetic_run, synthetic_tables
from tests.results.synthetic_city import MANIFEST, SCENARIO

TABLES = synthetic_tables(2, days=30)
WHOLE_MANIFEST = {**MANIFEST, "draws": 2, "days": 30}


@pytest.fixture
def own_run(tmp_path):
    return write_run(tmp_path / "run", scenario_text=SCENARIO, manifest=WHOLE_MANIFEST, tables=TABLES)


def mistakes_of(folder):
    with pytest.raises(RunFolderError) as caught:
        open_run(folder)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_what_was_written_is_what_is_read(run):
    again = open_run(run.folder)
    assert again.manifest == run.manifest
    assert again.scenario_text == SCENARIO
    assert set(again.table_names) == set(TABLES)
    for name in again.table_names:
        assert again.table(name).equals(run.table(name))
        assert again.scan(name).collect().equals(run.table(name))
    assert sorted(path.name for path in run.folder.parent.iterdir()) == [run.folder.name]


def test_the_manifest_says_where_the_run_comes_from(run):
    manifest = json.loads((run.folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"version", "seed", "scenario_hash", "society_hash", "parameter_ledger_hash", "machine", "libraries"} <= set(
        manifest
    )
    assert manifest["tables"]["daily"]["rows"] == run.table("daily").height
    assert len(manifest["tables"]["daily"]["sha256"]) == 64
    assert os.uname().nodename not in json.dumps(manifest["machine"])


def test_the_same_tables_have_the_same_content(tmp_path, own_run):
    again = write_run(
        tmp_path / "again", scenario_text=SCENARIO, manifest=WHOLE_MANIFEST, tables=dict(reversed(TABLES.items()))
    )
    assert again.manifest["content_hash"] == own_run.manifest["content_hash"]


def test_an_existing_folder_is_refused_and_left_alone(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("run", "file"):
        with pytest.raises(RunFolderError, match="exists already"):
            make_synthetic_run(tmp_path / name, draws=1, days=10)
    assert not list((tmp_path / "run").iterdir())
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_input_that_does_not_fit_leaves_nothing(tmp_path):
    with pytest.raises(RunFolderError) as caught:
        write_run(tmp_path / "a" / "run", scenario_text="", manifest={"seed": "7"}, tables=TABLES)
    assert {mistake.place for mistake in caught.value.mistakes} >= {"manifest.seed", "manifest.society_hash"}
    with pytest.raises(RunFolderError, match=r"tables\.area"):
        write_run(tmp_path / "a" / "run", scenario_text="", manifest=WHOLE_MANIFEST, tables={})
    with pytest.raises(RunFolderError, match="plain name"):
        write_run(tmp_path / "a" / "run", scenario_text="", manifest=WHOLE_MANIFEST, tables=TABLES, files={"../x": b""})
    assert not list(tmp_path.iterdir())


def test_a_file_size_limit_gives_a_write_error_and_leaves_nothing(tmp_path):
    program = """
import resource, sys
from commonbeat.errors import WriteError
from tests.results.synthetic import make_synthetic_run
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
try:
    make_synthetic_run(sys.argv[1], draws=2, days=60)
except WriteError as error:
    print(error)
    sys.exit(error.exit_code)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "above" / "run")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "could not be written" in done.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_stopping_half_way_leaves_nothing(tmp_path, monkeypatch, failure):
    real = run_folder.write_parquet

    def fail_at_rings(path, table):
        if path.stem == "rings":
            raise failure
        real(path, table)

    monkeypatch.setattr(run_folder, "write_parquet", fail_at_rings)
    expected = KeyboardInterrupt if failure is KeyboardInterrupt else WriteError
    with pytest.raises(expected):
        make_synthetic_run(tmp_path / "run", draws=1, days=10)
    assert not list(tmp_path.iterdir())


def test_all_damage_is_listed(own_run):
    tables = own_run.folder / "tables"
    whole = (tables / "daily.parquet").read_bytes()
    (tables / "daily.parquet").write_bytes(whole[: len(whole) // 2])
    (tables / "area.parquet").unlink()
    (own_run.folder / "scenario.toml").write_bytes(b"seed = 8\n\xff")
    found = mistakes_of(own_run.folder)
    assert len(found) == 3
    assert any("daily.parquet" in text and "truncated or altered" in text for text in found)
    assert any("area.parquet" in text and "is missing" in text for text in found)
    assert any("scenario.toml" in text and "not the scenario that was run" in text for text in found)


def test_a_manifest_that_is_not_one_is_refused(tmp_path, own_run):
    assert "is not a folder" in mistakes_of(tmp_path / "nowhere")[0]
    path = own_run.folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for content, words in {
        b"": "not whole JSON",
        b'{"layout": 1': "not whole JSON",
        b"\xff\xfe{": "not whole JSON",
        b"[]": "not the manifest",
        json.dumps({**manifest, "layout": 99}).encode(): "layout 1",
        json.dumps({**manifest, "tables": {**manifest["tables"], "../../x": {}}}).encode(): "not a table",
        json.dumps({**manifest, "tables": 3}).encode(): "must list the tables",
    }.items():
        path.write_bytes(content)
        assert any(words in text for text in mistakes_of(own_run.folder)), content
    path.unlink()
    assert "has no manifest.json" in mistakes_of(own_run.folder)[0]


def test_a_table_that_the_run_lacks_is_named_with_the_nearest(run):
    with pytest.raises(RunFolderError, match="Did you mean 'daily'"):
        run.table("dayly")


def test_a_report_is_attached_whole_and_may_be_replaced(own_run, monkeypatch):
    for content in (b"first", b"second, longer"):
        attach_file(own_run, "report.html", content)
        assert (own_run.folder / "report.html").read_bytes() == content
    for name in ("manifest.json", "tables", "../x", "a/b", ""):
        with pytest.raises(RunFolderError, match="plain name"):
            attach_file(own_run, name, b"")

    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(WriteError, match="No space left"):
        attach_file(own_run, "report.html", b"third")
    assert (own_run.folder / "report.html").read_bytes() == b"second, longer"
    assert not [path for path in own_run.folder.iterdir() if path.name.startswith(".")]
    assert open_run(own_run.folder).table("draws").height == 2


def test_tables_stay_compact(own_run):
    rows = own_run.table("daily").height
    assert own_run.path("daily").stat().st_size < 12 * rows
    assert pl.read_parquet_schema(own_run.path("daily"))["day"] == pl.Int16
