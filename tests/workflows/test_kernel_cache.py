"""Compiled kernels and built societies have a place, also when the package and the home cannot be written to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commonbeat.errors import WriteError
from commonbeat.workflows import kernel_cache


class Listener:
    def __init__(self) -> None:
        self.said: list[str] = []

    def says(self, text: str) -> None:
        self.said.append(text)

    def progress(self, done: int, total: int) -> None:
        """Not asked here."""


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (kernel_cache.KERNELS, kernel_cache.SOCIETIES):
        monkeypatch.setenv(name, "set, so that it is put back")
        monkeypatch.delenv(name)


def test_a_package_that_can_be_written_to_keeps_its_own_kernels(monkeypatch) -> None:
    monkeypatch.setattr(kernel_cache, "_takes_files", lambda _: True)
    kernel_cache.prepare_kernel_cache()
    assert kernel_cache.KERNELS not in os.environ


def test_a_read_only_package_keeps_kernels_in_the_cache(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(kernel_cache, "COMPILED", (tmp_path / "nowhere" / "deep",))
    monkeypatch.setenv(kernel_cache.SOCIETIES, str(tmp_path / "cache"))
    kernel_cache.prepare_kernel_cache()
    assert os.environ[kernel_cache.KERNELS] == str(tmp_path / "cache" / "kernels")
    assert (tmp_path / "cache" / "kernels").is_dir()


def test_without_any_place_kernels_are_kept_for_one_run(monkeypatch, tmp_path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(kernel_cache, "COMPILED", (tmp_path / "nowhere" / "deep",))
    monkeypatch.setenv(kernel_cache.SOCIETIES, str(tmp_path / "file"))
    kernel_cache.prepare_kernel_cache()
    chosen = Path(os.environ[kernel_cache.KERNELS])
    assert chosen.is_dir()
    assert tmp_path not in chosen.parents


def test_a_chosen_folder_for_kernels_stays(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(kernel_cache, "COMPILED", (tmp_path / "nowhere" / "deep",))
    monkeypatch.setenv(kernel_cache.KERNELS, "/chosen")
    kernel_cache.prepare_kernel_cache()
    assert os.environ[kernel_cache.KERNELS] == "/chosen"


def test_a_society_that_cannot_be_kept_is_built_for_this_run_and_said(monkeypatch) -> None:
    def opens(name: str) -> str:
        if kernel_cache.SOCIETIES not in os.environ:
            raise WriteError("The cache /cold/cache cannot be written: [Errno 30] Read-only. Name another.")
        return name

    monkeypatch.setattr("commonbeat.society.open_society", opens)
    listener = Listener()
    assert kernel_cache.opened("town", listener) == "town"
    (line,) = listener.said
    assert line.startswith("The cache /cold/cache cannot be written; the society is built for this run only.")


def test_a_chosen_cache_that_cannot_be_written_is_told(monkeypatch) -> None:
    def opens(_: str) -> str:
        raise WriteError("no")

    monkeypatch.setenv(kernel_cache.SOCIETIES, "/chosen")
    monkeypatch.setattr("commonbeat.society.open_society", opens)
    with pytest.raises(WriteError):
        kernel_cache.opened("town", Listener())
