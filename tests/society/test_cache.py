"""The cache: the same society out of it, whole or not at all, also when several ask at once."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys

import numpy as np
import pytest

from commonbeat.errors import SocietyError, WriteError
from commonbeat.society import build_small, load_society, open_society
from commonbeat.society.cache import INDEX, arrays_of, cache_folder, index_of, kept, read_society, write_society
from tests.society.folders import write_folder


@pytest.fixture(scope="module")
def society():
    return build_small(3, residents=400, elsewhere=200)


def test_what_comes_out_is_what_went_in(society, tmp_path):
    write_society(society, tmp_path / "kept")
    again = read_society(tmp_path / "kept")
    assert again is not None
    assert json.dumps(index_of(again)) == json.dumps(index_of(society))
    for name, array in arrays_of(society).items():
        other = arrays_of(again)[name]
        assert other.dtype == array.dtype
        assert np.array_equal(other, array), name
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_opened_arrays_are_mapped_and_writing_to_one_leaves_the_file(society, tmp_path):
    write_society(society, tmp_path / "kept")
    first, second = read_society(tmp_path / "kept"), read_society(tmp_path / "kept")
    assert isinstance(first.friends.targets.base, np.memmap)
    first.friends.targets[0] = -5
    assert second.friends.targets[0] == society.friends.targets[0]
    assert read_society(tmp_path / "kept").friends.targets[0] == society.friends.targets[0]


def test_a_second_opening_does_not_build(society, tmp_path):
    built = []

    def build():
        built.append(1)
        return society

    kept("small", "abc", build, tmp_path)
    kept("small", "abc", build, tmp_path)
    assert len(built) == 1


@pytest.mark.parametrize("damage", ["cut", "lost", "index", "no index"])
def test_a_damaged_cache_is_built_anew(society, tmp_path, damage):
    kept("small", "abc", lambda: society, tmp_path)
    folder = next(cache_folder(tmp_path).iterdir())
    victim = folder / "friends.targets.npy"
    if damage == "cut":
        os.truncate(victim, victim.stat().st_size - 1)
    elif damage == "lost":
        victim.unlink()
    elif damage == "index":
        (folder / INDEX).write_text('{"sizes": ', encoding="utf-8")
    else:
        (folder / INDEX).unlink()
    assert read_society(folder) is None
    again = kept("small", "abc", lambda: society, tmp_path)
    assert np.array_equal(again.friends.targets, society.friends.targets)
    assert read_society(folder) is not None
    assert [path.name for path in cache_folder(tmp_path).iterdir()] == [folder.name]


def test_the_slower_of_two_builders_keeps_the_winners_folder(society, tmp_path):
    def build():
        write_society(society, folder)  # another process finishes while this one still builds
        (folder / "winner").touch()
        return society

    folder = cache_folder(tmp_path) / "small-abc-v1"
    kept("small", "abc", build, tmp_path)
    assert (folder / "winner").exists()
    assert [path.name for path in cache_folder(tmp_path).iterdir()] == [folder.name]


RACE = """
import sys
from commonbeat.society import build_small
from commonbeat.society.cache import kept
society = kept("small", "race", lambda: build_small(3, residents=400, elsewhere=200), sys.argv[1])
print(len(society.friends.targets))
"""


def test_processes_that_race_all_get_the_society(society, tmp_path):
    runners = [
        subprocess.Popen([sys.executable, "-c", RACE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    found = {runner.communicate(timeout=600)[0].strip() for runner in runners}
    assert found == {str(len(society.friends.targets))}
    assert len(list(cache_folder(tmp_path).iterdir())) == 1


def test_a_write_that_fails_half_way_leaves_nothing(society, tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(WriteError, match="Nothing half-written is left"):
            write_society(society, tmp_path / "kept")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_the_environment_names_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("COMMONBEAT_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "societies"
    assert cache_folder(tmp_path / "other") == tmp_path / "other" / "societies"


def test_ones_own_folder_is_kept_until_its_tables_change(tmp_path):
    folder, cache = write_folder(tmp_path / "own"), tmp_path / "cache"
    one = open_society(folder, cache)
    assert one.content_hash == open_society(folder, cache).content_hash == load_society(folder).content_hash
    shutil.copy(folder / "ties.csv", tmp_path / "ties.csv")
    with (folder / "ties.csv").open("a", encoding="utf-8") as stream:
        stream.write("3,1,follow\n")
    assert open_society(folder, cache).content_hash != one.content_hash
    assert len(list(cache_folder(cache).iterdir())) == 2


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(SocietyError, match="Did you mean 'minneapolis'"):
        open_society("mineapolis")
