"""Finished draws are kept whole, in any order, and go on where they stopped."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from commonbeat.errors import RunFolderError, WriteError
from commonbeat.results.content import content_hash
from commonbeat.results.draw_store import DrawStore
from commonbeat.results.frames import frames_of_draw
from tests.results.synthetic import draw_tables

FINGERPRINT = {"seed": 7, "scenario_hash": "a", "society_hash": "b"}


def columns_of(draw):
    """The tables of a made-up draw as the engine gives them: plain arrays, and no number of the draw."""
    return {
        name: {
            column.name: np.array(column.to_list()) if column.dtype == pl.String else column.to_numpy()
            for column in table.iter_columns()
            if column.name != "draw"
        }
        for name, table in draw_tables(draw, days=10).items()
    }


@pytest.fixture
def store(tmp_path):
    return DrawStore(tmp_path / "run.partial", FINGERPRINT)


def test_the_order_in_which_draws_finish_changes_nothing(tmp_path, store):
    other = DrawStore(tmp_path / "other.partial", FINGERPRINT)
    for draw in (2, 0, 1):
        store.keep(draw, columns_of(draw))
    for draw in (0, 1, 2):
        other.keep(draw, columns_of(draw))
    assert content_hash(store.collect()) == content_hash(other.collect())
    assert store.collect()["draws"]["draw"].to_list() == [0, 1, 2]
    expected = frames_of_draw(1, columns_of(1))
    for name, table in store.collect([1]).items():
        assert table.equals(expected[name])


def test_a_draw_comes_back_as_it_was(store):
    store.keep(3, columns_of(3))
    original = draw_tables(3, days=10)
    assert store.collect()["daily"].equals(original["daily"])
    assert store.collect()["rings"]["effect"].equals(original["rings"]["effect"])


def test_going_on_does_only_what_is_missing(tmp_path, store):
    store.keep(1, columns_of(1))
    again = DrawStore(tmp_path / "run.partial", FINGERPRINT)
    assert again.finished() == (1,)
    assert again.missing(3) == (0, 2)
    with pytest.raises(RunFolderError, match="not finished"):
        again.collect(range(3))


@pytest.mark.parametrize("damage", ["half", "empty", "one byte"])
def test_a_damaged_bundle_is_done_again(store, damage):
    for draw in (0, 1):
        store.keep(draw, columns_of(draw))
    path = store.folder / "draw-000001.zip"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes({"half": content[: len(content) // 2], "empty": b"", "one byte": content}[damage])
    assert store.finished() == (0,)
    assert not path.exists()
    store.keep(1, columns_of(1))
    assert store.finished() == (0, 1)


def test_another_runs_draws_are_refused_with_every_difference(tmp_path, store):
    with pytest.raises(RunFolderError) as caught:
        DrawStore(tmp_path / "run.partial", {**FINGERPRINT, "seed": 8, "version": "2"})
    assert [mistake.place for mistake in caught.value.mistakes] == ["seed", "version"]
    assert "seed: 7 then, 8 now." in str(caught.value)
    assert "Remove" in caught.value.mistakes[-1].way_out
    (tmp_path / "mine").mkdir()
    with pytest.raises(RunFolderError, match="not the fingerprint"):
        DrawStore(tmp_path / "mine", FINGERPRINT)
    assert not list((tmp_path / "mine").iterdir())


def test_columns_that_do_not_fit_are_refused_before_anything_is_written(store):
    with pytest.raises(RunFolderError, match="daily"):
        store.keep(0, {"daily": {"arm": ["a"], "day": [0.5]}})
    with pytest.raises(ValueError, match="differ in length"):
        store.keep(0, {"draws": {"parameter_set": [1, 2], "luck_seed": ["3"], "seconds": 1.0}})
    assert store.finished() == ()


def test_one_value_stands_for_all_rows():
    table = frames_of_draw(4, {"parameters": {"parameter": ["a", "b"], "value": np.float32(0.5)}})["parameters"]
    assert table.rows() == [(4, "a", 0.5), (4, "b", 0.5)]


def test_a_disk_that_refuses_leaves_no_bundle(store, monkeypatch):
    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(WriteError, match="No space left"):
        store.keep(0, columns_of(0))
    assert [path.name for path in store.folder.iterdir()] == ["fingerprint.json"]


def test_discarding_removes_ours_and_nothing_else(store):
    store.keep(0, columns_of(0))
    note = store.folder / "note.txt"
    note.write_text("mine", encoding="utf-8")
    store.discard()
    assert [path.name for path in store.folder.iterdir()] == ["note.txt"]
    note.unlink()
    store.discard()
    assert not store.folder.exists()
