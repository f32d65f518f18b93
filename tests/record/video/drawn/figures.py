"""Drawn people that the pose model takes for people: shaded limbs, heads with hair and faces, clothes and shadows, from known keypoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.record.video.drawn.choreography import Dancer, dancers

SHIFT = 4  # drawing in sixteenths of a pixel, so that slow movement is smooth
LIGHT_STEPS = 5


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of one person, RGB, and how much the mouth smiles, 0 to 1."""

    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    shirt: tuple[int, int, int]
    trousers: tuple[int, int, int]
    shoes: tuple[int, int, int]
    smile: float = 0.0


LOOKS = (
    Look((224, 172, 140), (60, 40, 25), (190, 60, 50), (50, 60, 90), (40, 40, 40)),
    Look((141, 92, 62), (25, 20, 18), (235, 200, 70), (45, 45, 55), (230, 230, 230)),
    Look((198, 140, 104), (35, 25, 20), (60, 130, 90), (95, 85, 70), (60, 40, 30)),
    Look((92, 60, 42), (18, 15, 14), (220, 220, 225), (40, 60, 110), (190, 40, 40)),
    Look((240, 196, 168), (150, 100, 50), (45, 70, 150), (110, 100, 95), (50, 50, 60)),
    Look((165, 112, 80), (22, 18, 16), (225, 110, 40), (30, 30, 35), (240, 240, 240)),
    Look((210, 155, 120), (80, 55, 40), (150, 70, 140), (70, 80, 60), (30, 30, 30)),
    Look((115, 76, 54), (20, 16, 15), (90, 180, 200), (85, 60, 50), (200, 200, 190)),
)


def draw_people(
    keypoints: NDArray[np.float64],
    size: tuple[int, int],
    *,
    looks: Sequence[Look] = LOOKS,
    brightness: float = 1.0,
    grain: float = 3.0,
    softness: float = 0.6,
    camera: NDArray[np.float64] | None = None,
    seed: int = 0,
) -> Iterator[NDArray[np.uint8]]:
    """Pictures, each (height, width, 3) uint8 RGB, of people at known places before a street.

    keypoints: (frames, people, 17, 2) px; a person whose nose is NaN is not there. size: (width, height). brightness: of the whole picture. grain: sd of
    the noise. softness: sd in px of the blur of the lens. camera: (frames, 2), by how many px the picture is shifted; people and street move together.
    """
    width, height = size
    luck = np.random.default_rng(seed)
    shifts = np.zeros((len(keypoints), 2)) if camera is None else np.asarray(camera, float)
    margin = int(np.ceil(np.abs(shifts).max())) + 2
    street = background(width + 2 * margin, height + 2 * margin, seed)
    for people, shift in zip(keypoints, shifts, strict=True):
        move = np.float32([[1, 0, shift[0] - margin], [0, 1, shift[1] - margin]])
        picture = cv2.warpAffine(street, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        there = [number for number in range(len(people)) if np.isfinite(people[number, 0]).all()]
        for number in there:
            _shadow(picture, people[number] + shift)
        for number in sorted(
            there, key=lambda one: people[one, 15:17, 1].max()
        ):  # who stands lower in the picture is nearer
            draw_person(picture, people[number] + shift, looks[number % len(looks)])
        yield _photographed(picture, luck, brightness, grain, softness)


def draw_scene(
    people: Sequence[Dancer], seconds: float, rate: float, size: tuple[int, int], **options: object
) -> tuple[NDArray[np.float64], Iterator[NDArray[np.uint8]]]:
    """The known keypoints and the pictures of a choreography."""
    keypoints = dancers(people, seconds, rate)
    return keypoints, draw_people(keypoints, size, **options)  # type: ignore[arg-type]


def background(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    """A wall with windows, a pavement and speckle at several scales, (height, width, 3) uint8."""
    luck = np.random.default_rng(seed + 1000)
    edge = int(height * 0.55)
    picture = np.empty((height, width, 3), np.float32)
    picture[:edge] = np.linspace(0.9, 1.05, edge)[:, None, None] * np.array([165, 150, 138])
    picture[edge:] = np.linspace(0.85, 1.1, height - edge)[:, None, None] * np.array([128, 128, 132])
    for left in range(int(width * 0.04), width, max(8, int(width * 0.16))):
        corner = left + int(width * 0.07), int(height * 0.3)
        cv2.rectangle(picture, (left, int(height * 0.1)), corner, (92, 104, 118), -1)
        cv2.rectangle(picture, (left, int(height * 0.1)), corner, (205, 200, 190), max(1, width // 300))
    for grains in (6, 25, 90):
        speck = luck.standard_normal((max(2, height * grains // 360), max(2, width * grains // 360))).astype(np.float32)
        picture += 6 * cv2.resize(speck, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def draw_person(picture: NDArray[np.uint8], at: NDArray[np.float64], look: Look) -> None:
    """The person stands in the picture. at: (17, 2) px."""
    tall = body_height(at)
    away = _is_away(at)
    left_first = at[0, 0] > (at[3, 0] + at[4, 0]) / 2  # who faces the right edge has the left arm behind the body
    order = (0, 1) if left_first != away else (1, 0)
    far, near = order
    _leg(picture, at, far, tall, look, 0.85)
    _arm(picture, at, far, tall, look, 0.85)
    _leg(picture, at, near, tall, look, 1.0)
    _torso(picture, at, tall, look)
    _head(picture, at, tall, look)
    _arm(picture, at, near, tall, look, 1.0)
    if abs(at[5, 0] - at[6, 0]) > 0.12 * tall:
        _arm(picture, at, far, tall, look, 0.95)


def body_height(at: NDArray[np.float64]) -> float:
    """The height of a body in px from its parts, also when it bends: legs by their length, the trunk and the head."""

    def far(one: int, other: int) -> float:
        return float(np.linalg.norm(at[one] - at[other]))

    legs = max(far(11, 13) + far(13, 15), far(12, 14) + far(14, 16))
    trunk = abs(at[5:7, 1].mean() - at[11:13, 1].mean())
    return max((legs + trunk + 0.2 * (legs + trunk)) / 0.93, 8.0)


def _is_away(at: NDArray[np.float64]) -> bool:
    return bool(at[5, 0] < at[6, 0] - 0.15 * abs(at[5, 1] - at[11, 1]))


def _photographed(
    picture: NDArray[np.uint8], luck: np.random.Generator, brightness: float, grain: float, softness: float
) -> NDArray[np.uint8]:
    if softness > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), softness)
    noisy = picture.astype(np.float32) * brightness
    if grain > 0:
        noisy += luck.standard_normal(picture.shape[:2], np.float32)[..., None] * grain
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _shadow(picture: NDArray[np.uint8], at: NDArray[np.float64]) -> None:
    tall = body_height(at)
    x, y = at[15:17, 0].mean(), at[15:17, 1].max() + 0.035 * tall
    wide, deep = int(0.22 * tall) + 1, int(0.05 * tall) + 1
    left, top = max(0, int(x) - 2 * wide), max(0, int(y) - 2 * deep)
    part = picture[top : int(y) + 2 * deep, left : int(x) + 2 * wide]
    if part.size == 0:
        return
    rows, columns = np.mgrid[: part.shape[0], : part.shape[1]]
    dark = np.exp(-(((columns + left - x) / wide) ** 2) - ((rows + top - y) / deep) ** 2)
    part[:] = (part * (1 - 0.5 * dark[..., None])).astype(np.uint8)


def _shade(colour: tuple[int, int, int], light: float) -> tuple[float, float, float]:
    red, green, blue = (float(np.clip(value * light, 0, 255)) for value in colour)
    return red, green, blue


def _capsule(
    picture: NDArray[np.uint8],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    radii: tuple[float, float],
    colour: tuple[int, int, int],
    light: float = 1.0,
) -> None:
    """A tapered limb, lit from the upper left: smaller and brighter ones lie on darker ones."""
    for step in range(LIGHT_STEPS):
        share = 1 - step / LIGHT_STEPS
        toward = np.array([-0.25, -0.2]) * (1 - share)
        bright = _shade(colour, light * (0.62 + 0.5 * (1 - share)))
        first, last = max(radii[0] * share, 0.5), max(radii[1] * share, 0.5)
        a, b = start + toward * radii[0], end + toward * radii[1]
        line = b - a
        across = np.array([-line[1], line[0]]) / max(float(np.linalg.norm(line)), 1e-6)
        corners = np.array([a + across * first, b + across * last, b - across * last, a - across * first])
        cv2.fillConvexPoly(picture, np.round(corners * 2**SHIFT).astype(np.int32), bright, cv2.LINE_AA, SHIFT)
        _disc(picture, a, first, bright)
        _disc(picture, b, last, bright)


def _disc(picture: NDArray[np.uint8], at: NDArray[np.float64], radius: float, colour: Sequence[float]) -> None:
    middle = round(at[0] * 2**SHIFT), round(at[1] * 2**SHIFT)
    cv2.circle(picture, middle, max(1, round(radius * 2**SHIFT)), colour, -1, cv2.LINE_AA, SHIFT)


def _oval(
    picture: NDArray[np.uint8],
    at: NDArray[np.float64],
    axes: tuple[float, float],
    turn: float,
    colour: Sequence[float],
    span: tuple[float, float] = (0, 360),
) -> None:
    middle = round(at[0] * 2**SHIFT), round(at[1] * 2**SHIFT)
    halves = max(1, round(axes[0] * 2**SHIFT)), max(1, round(axes[1] * 2**SHIFT))
    cv2.ellipse(picture, middle, halves, turn, span[0], span[1], colour, -1, cv2.LINE_AA, SHIFT)


def _leg(picture: NDArray[np.uint8], at: NDArray[np.float64], side: int, tall: float, look: Look, light: float) -> None:
    hip, knee, ankle = at[11 + side], at[13 + side], at[15 + side]
    ahead = np.sign(round(float(at[0, 0] - at[3:5, 0].mean()) / tall, 2)) * 0.05 * tall
    away = _is_away(at)
    outward = (0.02 if side == 0 else -0.02) * tall
    toe = ankle + np.array([ahead or (0 if away else outward), (0.022 if away else 0.045) * tall])
    _capsule(picture, ankle + np.array([0, 0.015 * tall]), toe, (0.03 * tall, 0.03 * tall), look.shoes, light)
    _capsule(picture, knee, ankle, (0.048 * tall, 0.032 * tall), look.trousers, light)
    _capsule(picture, hip, knee, (0.066 * tall, 0.047 * tall), look.trousers, light)


def _arm(picture: NDArray[np.uint8], at: NDArray[np.float64], side: int, tall: float, look: Look, light: float) -> None:
    shoulder, elbow, wrist = at[5 + side], at[7 + side], at[9 + side]
    line = wrist - elbow
    hand = wrist + line / max(float(np.linalg.norm(line)), 1e-6) * 0.035 * tall
    _capsule(picture, elbow, wrist, (0.027 * tall, 0.019 * tall), look.skin, light)
    _capsule(picture, wrist, hand, (0.02 * tall, 0.022 * tall), look.skin, light)
    _capsule(picture, shoulder, elbow, (0.04 * tall, 0.031 * tall), look.shirt, light)


def _torso(picture: NDArray[np.uint8], at: NDArray[np.float64], tall: float, look: Look) -> None:
    left, right, left_hip, right_hip = at[5], at[6], at[11], at[12]
    neck, waist = (left + right) / 2, (left_hip + right_hip) / 2
    _capsule(picture, neck, at[3:5].mean(axis=0), (0.036 * tall, 0.034 * tall), look.skin, 0.85)
    _capsule(picture, left_hip, right_hip, (0.062 * tall, 0.062 * tall), look.trousers)
    for step in range(LIGHT_STEPS):
        share = 1 - step / LIGHT_STEPS
        points = []
        for point, middle, reach in (
            (left, neck, 0.04),
            (right, neck, 0.04),
            (right_hip, waist, 0.055),
            (left_hip, waist, 0.055),
        ):
            around = np.linspace(0, 2 * np.pi, 16)
            rim = np.stack([np.cos(around), np.sin(around)], axis=1) * reach * tall * max(share, 0.3)
            points.append(middle + (point - middle) * share + rim - np.array([0.02 * tall * (1 - share), 0.0]))
        hull = cv2.convexHull(np.concatenate(points).astype(np.float32))
        bright = _shade(look.shirt, 0.66 + 0.42 * (1 - share))
        cv2.fillConvexPoly(picture, np.round(hull * 2**SHIFT).astype(np.int32), bright, cv2.LINE_AA, SHIFT)
    _front(picture, at, tall, look)


def _front(picture: NDArray[np.uint8], at: NDArray[np.float64], tall: float, look: Look) -> None:
    """What only the front of a body shows: a bare throat, a collar and a row of buttons, as far as the body is turned to the camera."""
    wide = float(at[5, 0] - at[6, 0]) / (0.23 * tall)
    if wide < 0.3:
        return
    neck, waist = at[5:7].mean(axis=0), at[11:13].mean(axis=0)
    down = (waist - neck) / max(float(np.linalg.norm(waist - neck)), 1e-6)
    across = np.array([0.035 * tall * wide, 0.0])
    top = neck - down * 0.035 * tall
    throat = np.array([top - across, top + across, neck + down * 0.065 * tall])
    cv2.fillConvexPoly(
        picture, np.round(throat * 2**SHIFT).astype(np.int32), _shade(look.skin, 0.95), cv2.LINE_AA, SHIFT
    )
    for button in range(1, 5):
        _disc(picture, neck + down * (0.06 + 0.05 * button) * tall, 0.006 * tall, _shade(look.shirt, 0.45))


def _head(picture: NDArray[np.uint8], at: NDArray[np.float64], tall: float, look: Look) -> None:
    """Skin, hair, ears, and a face as far as it is turned to the camera."""
    ears = at[3:5].mean(axis=0)
    turn = float(np.clip((at[0, 0] - ears[0]) / (0.06 * tall), -1, 1))
    middle = ears + np.array([0.012 * turn * tall, -0.005 * tall])
    radius = 0.068 * tall
    away = _is_away(at)
    if away:
        _oval(picture, middle + np.array([0, 0.01 * tall]), (0.066 * tall, 0.09 * tall), 0, _shade(look.hair, 0.8))
        _oval(
            picture,
            middle + np.array([-0.01 * tall, -0.03 * tall]),
            (0.04 * tall, 0.045 * tall),
            0,
            _shade(look.hair, 1.4),
        )
        return
    _oval(picture, middle + np.array([0, -0.018 * tall]), (0.06 * tall, 0.068 * tall), 0, _shade(look.hair, 0.8))
    for step in range(LIGHT_STEPS):
        share = 1 - step / LIGHT_STEPS
        at_face = middle + np.array([0.014 * turn * tall - 0.012 * tall * (1 - share), 0.01 * tall])
        _oval(
            picture,
            at_face,
            (0.053 * tall * share, 0.068 * tall * share),
            0,
            _shade(look.skin, 0.82 + 0.34 * (1 - share)),
        )
    _oval(
        picture,
        middle + np.array([-0.006 * turn * tall, -0.036 * tall]),
        (0.058 * tall, 0.045 * tall),
        0,
        _shade(look.hair, 0.95),
        (180, 360),
    )
    for ear in (3, 4):
        if abs(turn) < 0.35 or (ear == 3) == (turn < 0):
            _oval(picture, at[ear], (0.012 * tall, 0.02 * tall), 0, _shade(look.skin, 0.85))
    _face(picture, at, tall, turn, look, radius)


def _face(
    picture: NDArray[np.uint8], at: NDArray[np.float64], tall: float, turn: float, look: Look, radius: float
) -> None:
    for eye in (1, 2):
        if abs(turn) > 0.8 and (eye == 1) == (turn > 0):
            continue  # the far eye of a profile
        _oval(picture, at[eye], (0.0125 * tall, 0.0075 * tall), 0, (240, 238, 235))
        _disc(picture, at[eye] + np.array([0.003 * turn * tall, 0]), 0.0068 * tall, (35, 25, 20))
        _oval(picture, at[eye] - np.array([0, 0.015 * tall]), (0.0145 * tall, 0.004 * tall), 0, _shade(look.hair, 0.9))
    _oval(picture, at[0] + np.array([0, 0.002 * tall]), (0.009 * tall, 0.011 * tall), 0, _shade(look.skin, 0.78))
    _oval(
        picture,
        at[0] + np.array([-0.003 * tall, -0.006 * tall]),
        (0.005 * tall, 0.012 * tall),
        0,
        _shade(look.skin, 1.12),
    )
    _mouth(picture, at[0] + np.array([-0.3 * turn * 0.02 * tall, 0.5 * radius]), tall, look)


def _mouth(picture: NDArray[np.uint8], at: NDArray[np.float64], tall: float, look: Look) -> None:
    """Lips between two curves; in a smile the corners go out and up, and teeth and a fold of the cheek show."""
    smile = look.smile
    reach, rise = (0.02 + 0.009 * smile) * tall, 0.011 * smile * tall
    across = np.linspace(-1, 1, 15)
    for upper, lower, colour in (
        (0.0075, 0.0075 + 0.003 * smile, (150, 70, 70)),
        (0.0025, 0.0025 + 0.003 * smile, (90 + 85 * smile, 35 + 110 * smile, 35 + 105 * smile)),
    ):
        lift = rise * across**2
        above = np.stack(
            [at[0] + reach * across, at[1] - lift - (upper * (1 - across**2)) * tall * (1 - 0.7 * smile)], axis=1
        )
        below = np.stack([at[0] + reach * across, at[1] - lift + lower * (1 - across**2) * tall], axis=1)
        rim = np.concatenate([above, below[::-1]])
        cv2.fillPoly(picture, [np.round(rim * 2**SHIFT).astype(np.int32)], colour, cv2.LINE_AA, SHIFT)
    if smile > 0.3:
        for side in (-1, 1):
            fold = at + np.array([side * (reach + 0.004 * tall), -rise])
            _oval(picture, fold, (0.003 * tall, 0.01 * tall), 20 * -side, _shade(look.skin, 0.7))
