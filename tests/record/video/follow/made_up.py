"""Made-up people as keypoints, before a made-up background that a made-up camera films.

Places are pixels of the scene; the camera carries them into the picture by z -> turn * z + shift.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from commonbeat.record.video.observed import Poses

WIDTH, HEIGHT = 1280, 720
SMALL = 0.25
# A person standing and facing the camera, in body heights from the middle of the hips; y down, left of the body at x > 0.
STANDING = np.array(
    [
        [0.0, -0.385],
        [0.018, -0.406],
        [-0.018, -0.406],
        [0.045, -0.4],
        [-0.045, -0.4],
        [0.12, -0.288],
        [-0.12, -0.288],
        [0.15, -0.12],
        [-0.15, -0.12],
        [0.16, 0.03],
        [-0.16, 0.03],
        [0.095, 0.0],
        [-0.095, 0.0],
        [0.095, 0.245],
        [-0.095, 0.245],
        [0.095, 0.491],
        [-0.095, 0.491],
    ]
)


@dataclass
class Scene:
    """places: (frames, people, 2) of the hips; heights: (people,); swing: (frames, people) of arms and knees in heights."""

    places: NDArray[np.float64]
    heights: NDArray[np.float64]
    rate: float = 10.0
    turn: NDArray[np.complex128] | None = None
    shift: NDArray[np.complex128] | None = None
    swing: NDArray[np.float64] | None = None
    bounce: NDArray[np.float64] | None = None
    jitter_px: float = 0.0
    hidden: NDArray[np.bool_] | None = None
    scores: NDArray[np.float64] | None = None
    background: str = "rich"
    jump: int | None = None
    pictures: bool = True
    seed: int = 1
    times: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        frames, people = self.places.shape[:2]
        self.times = np.arange(frames) / self.rate
        self.turn = np.ones(frames, complex) if self.turn is None else np.asarray(self.turn, complex)
        self.shift = np.zeros(frames, complex) if self.shift is None else np.asarray(self.shift, complex)
        self.hidden = np.zeros((frames, people), bool) if self.hidden is None else self.hidden

    def true_keypoints(self) -> NDArray[np.float64]:
        """(frames, people, 17, 2) in the picture, without jitter."""
        body = np.broadcast_to(STANDING, (*self.places.shape[:2], 17, 2)).copy()
        if self.swing is not None:
            body[:, :, 7:11, 1] -= self.swing[:, :, None] * np.array([0.4, 0.4, 1.0, 1.0])
            body[:, :, 13:15, 0] += 0.3 * self.swing[:, :, None] * np.array([1.0, -1.0])
        if self.bounce is not None:
            body[:, :, :13, 1] -= self.bounce[:, :, None]
        placed = self.places[:, :, None, :] + body * self.heights[None, :, None, None]
        moved = self.turn[:, None, None] * (placed[..., 0] + 1j * placed[..., 1]) + self.shift[:, None, None]
        return np.stack([moved.real, moved.imag], axis=-1)

    def frames(self):
        """Each frame's poses, shuffled, and its small grey picture."""
        rng = np.random.default_rng(self.seed)
        true = self.true_keypoints()
        scores = np.full(true.shape[:2], 0.8) if self.scores is None else self.scores
        filmed = self._pictures(true)
        for index in range(len(true)):
            grey = next(filmed)
            chosen = rng.permutation(np.flatnonzero(~self.hidden[index]))
            placed = true[index, chosen] + rng.normal(0.0, self.jitter_px, (len(chosen), 17, 2))
            score = np.full((len(chosen), 17, 1), 0.8)
            keypoints = np.concatenate([placed, score], axis=-1).astype(np.float32)
            boxes = np.concatenate([placed.min(axis=1), placed.max(axis=1)], axis=-1).astype(np.float32)
            yield (
                Poses(index, float(self.times[index]), keypoints, boxes, scores[index, chosen].astype(np.float32)),
                grey,
            )

    def _pictures(self, true: NDArray[np.float64]) -> Iterator[NDArray[np.uint8] | None]:
        """The small grey picture of each frame, with the grain of a film; None where no pictures are wanted."""
        if not self.pictures:
            yield from (None for _ in true)
            return
        textures = [_texture(self.seed, self.background), _texture(self.seed + 99, self.background)]
        rng = np.random.default_rng(self.seed)
        grain = rng.normal(0.0, 2.0, (8, round(HEIGHT * SMALL), round(WIDTH * SMALL))).astype(np.float32)
        for index, people in enumerate(true):
            grey = _filmed(
                textures[int(self.jump is not None and index >= self.jump)], self.turn[index], self.shift[index]
            )
            for person, keypoints in enumerate(people):
                _draw(grey, keypoints * SMALL, 40 + 30 * person)
            fresh = np.roll(grain[rng.integers(8)], rng.integers(0, 160, 2), axis=(0, 1))
            yield np.clip(grey + fresh, 0, 255).astype(np.uint8)


def _texture(seed: int, kind: str) -> NDArray[np.float32]:
    """A wide scene, three pictures in each direction, at the scale of the small picture."""
    size = round(HEIGHT * SMALL * 3), round(WIDTH * SMALL * 3)
    if kind == "blank":
        return np.full(size, 128, np.float32)
    rng = np.random.default_rng(seed)
    fine, coarse = rng.normal(size=size), rng.normal(size=(size[0] // 30, size[1] // 30))
    broad = cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(fine, (0, 0), 1.5)
    return (128 + 25 * broad + 20 * fine / fine.std()).astype(np.float32)


def _filmed(texture: NDArray[np.float32], turn: complex, shift: complex) -> NDArray[np.float32]:
    """The texture as the camera sees it; the first picture lies in its middle."""
    offset = complex(WIDTH, HEIGHT) * SMALL
    moved = shift * SMALL - turn * offset
    matrix = np.array([[turn.real, -turn.imag, moved.real], [turn.imag, turn.real, moved.imag]])
    size = round(WIDTH * SMALL), round(HEIGHT * SMALL)
    return cv2.warpAffine(texture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def _draw(grey: NDArray[np.float32], keypoints: NDArray[np.float64], shade: int) -> None:
    """A body as an even blob over its keypoints."""
    low, high = keypoints.min(axis=0), keypoints.max(axis=0)
    centre, half = (low + high) / 2, (high - low) / 2
    cv2.ellipse(
        grey, tuple(centre.round().astype(int).tolist()), tuple(half.round().astype(int).tolist()), 0, 0, 360, shade, -1
    )


def walking(start: float, stop: float, frames: int, row: float = 400.0) -> NDArray[np.float64]:
    """(frames, 2): along the x-axis at a steady pace."""
    return np.stack([np.linspace(start, stop, frames), np.full(frames, row)], axis=-1)


def standing(place: float, frames: int, row: float = 400.0) -> NDArray[np.float64]:
    """(frames, 2): on one spot."""
    return walking(place, place, frames, row)


def whose(tracks, scene: Scene) -> list[list[int]]:
    """For each track the made-up people whom it follows, in order, found by the nearest true hips."""
    true = scene.true_keypoints()[:, :, 11:13].mean(axis=2)
    followed = []
    for track in tracks.tracks:
        hips = track.keypoints[:, 11:13, :2].mean(axis=1)
        people = []
        for step, place in enumerate(hips):
            if np.isfinite(place).all():
                nearest = int(np.linalg.norm(true[track.start + step] - place, axis=1).argmin())
                if not people or people[-1] != nearest:
                    people.append(nearest)
        followed.append(people)
    return followed
