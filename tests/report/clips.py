"""A made-up clip as the instrument would have measured it: the page, the tables and the draft are tested on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from commonbeat.record.video.instrument.measured import (
    CLOSER,
    JOINED,
    LEFT,
    SWAP,
    UNSTEADY,
    Chance,
    GroupMeasure,
    Happening,
    KeyFrame,
    Lag,
    Measured,
    Moments,
    Pair,
    Person,
    Positions,
    Smiling,
    Sound,
)
from commonbeat.record.video.observed import ClipFacts

SECONDS, RATE = 60.0, 10.0
FACTS = ClipFacts("dance.mp4", "ab" * 32, SECONDS, 1500, 25.0, False, 1280, 720, 0, True, 48000, "h264", 8)
PEOPLE = (
    Person(1, 0.0, 60.0, 0.97, 240.0),
    Person(2, 0.0, 60.0, 0.94, 250.0),
    Person(3, 0.0, 41.5, 0.71, 150.0),
    Person(4, 12.0, 60.0, 0.9, 260.0),
)


def jpeg(shade: int) -> bytes:
    """A small grey picture."""
    import cv2

    return cv2.imencode(".jpg", np.full((90, 160, 3), shade, np.uint8))[1].tobytes()


def pair(first: int, second: int, value: float | None, *, near=(), lag=0.1, why_not="") -> Pair:
    """Two people whose value stands beside a null of -0.1 to 0.22."""
    chance = None if value is None else Chance(value, 0.02, 0.1, 0.22, 0.004 if value > 0.22 else 0.4, 0.02)
    return Pair(
        first,
        second,
        48.0,
        1.1,
        0.7,
        2.4,
        near,
        0.0,
        0.35,
        0.6,
        44.0,
        chance,
        None if chance is None else replace(chance, value=chance.value / 2),
        None if value is None else Lag(lag, lag - 0.05, lag + 0.05, 0.58),
        ((20.0, 38.0),) if value is not None and value > 0.22 else (),
        why_not,
        wavelets=None if chance is None else replace(chance, p_adjusted=None),
    )


def positions() -> Positions:
    """Everybody stands still; each tenth frame of person 3 is missing."""
    parts = []
    for person in PEOPLE:
        times = np.arange(person.first_s, person.last_s, 1 / RATE)
        found = np.ones(len(times), bool)
        if person.number == 3:
            found[::10] = False
        across = np.where(found, person.number, np.nan)
        parts.append((times, np.full(len(times), person.number, np.int32), across, across + 1, found))
    times, numbers, across, down, found = (np.concatenate([part[place] for part in parts]) for place in range(5))
    height = np.ones(len(times), np.float32)
    return Positions(
        times,
        numbers,
        across.astype(np.float32),
        down.astype(np.float32),
        height,
        found,
        np.zeros(len(times), np.int32),
        245.0,
    )


def measured() -> Measured:
    """Four people, a joining, one pair above its null, one that cannot be measured, and music."""
    times = np.arange(0.0, SECONDS)
    pairs = (
        pair(1, 2, 0.52, near=((0.0, 58.0),)),
        pair(1, 4, 0.31, near=((14.5, 60.0),), lag=-0.2),
        pair(2, 4, 0.12, near=((15.5, 60.0),)),
        pair(1, 3, None, why_not="joint track 21 s of 30 s"),
        pair(2, 3, None, why_not="joint track 21 s of 30 s"),
        pair(3, 4, None, why_not="joint track 12 s of 30 s"),
    )
    loudness = np.where(times < 5, -np.inf, -22 + 4 * np.sin(times / 3))
    return Measured(
        facts=FACTS,
        span=(0.0, SECONDS),
        rate=RATE,
        frames=600,
        people=PEOPLE,
        pairs=pairs,
        happenings=(
            Happening(CLOSER, 12.0, 15.0, (4, 1), 0.2, "4 came closer to 1 by 2.1 body heights", 2.1, 0.2),
            Happening(JOINED, 14.6, 14.6, (4, 1, 2), 0.4, "4 joined 1 and 2"),
            Happening(SWAP, 22.0, 22.0, (2, 3), 0.3, "2 and 3 may have changed places"),
            Happening(UNSTEADY, 30.0, 32.0, (), 0.2, "the camera's motion could not be measured"),
            Happening(LEFT, 41.5, 41.5, (3,), 0.4, "3 left"),
        ),
        groups=(((0.0, 14.6), (1, 2)), ((14.6, 60.0), (1, 2, 4))),
        measures=(
            GroupMeasure(
                "cluster phase", "how closely all move in one rhythm, 0 to 1", Chance(0.61, 0.3, 0.4, 0.52, 0.01)
            ),
            GroupMeasure("symbolic entropy", "disorder of all movements together", None, "too few people"),
        ),
        beat=GroupMeasure(
            "movement on the beat", "how closely the group keeps to the beat, 0 to 1", Chance(0.4, 0.02, 0.1, 0.2, 0.01)
        ),
        positions=positions(),
        moments=Moments(
            times, np.full(60, 3.4), 0.4 + 0.2 * np.sin(times / 5), np.where((times < 30) | (times > 31), 1, 0.2)
        ),
        sound=Sound(
            times,
            loudness,
            tuple(
                "neither" if each < 5 else "music" if each < 40 else "speech" if each < 55 else "cannot tell"
                for each in times
            ),
            0.25,
            0.58,
            0.17,
            104.0,
            102.5,
            105.6,
            "104 beats a minute",
            np.arange(5.0, 40.0, 60 / 104),
            ("speech and music are told apart by the shape of the sound, not by words",),
        ),
        smiling=Smiling(
            None, None, None, 0.0, 0.0, "children are covered by this consent, and it does not name face measures"
        ),
        key_frames=tuple(
            KeyFrame(3.75 + 7.5 * place, jpeg(40 + 20 * place), "three people, obscured") for place in range(8)
        ),
        pictures_why_not="",
        not_measured=(("1 and 3 moving together", "joint track 21 s of 30 s"),),
        cautions=("Person 3 was found in 71 % of their frames.",),
    )


def crowded() -> Measured:
    """Twenty people over an hour, all their pairs, a hundred happenings: the page must still be one page."""
    few, hour = measured(), 3600.0
    people = tuple(Person(each, 0.0, hour, 0.5 + 0.02 * each, 200.0) for each in range(1, 21))
    pairs = tuple(
        pair(first, second, 0.9 - 0.04 * second, near=((0.0, 900.0), (1200.0, 3000.0)))
        for first in range(1, 21)
        for second in range(first + 1, 21)
    )
    happenings = tuple(
        Happening(
            CLOSER,
            30.0 * each,
            30.0 * each + 3,
            (1 + each % 20, 1 + (each + 7) % 20),
            0.2,
            f"{1 + each % 20} came closer to {1 + (each + 7) % 20} by 1.2 body heights",
            1.2,
            0.3,
        )
        for each in range(100)
    )
    times = np.arange(0.0, hour)
    moments = Moments(times, np.full(3600, 16.2), np.abs(np.sin(times / 90)), np.ones(3600))
    old = few.sound
    assert old is not None
    kinds = tuple("music" if each % 200 < 150 else "speech" for each in range(3600))
    sound = replace(
        old, times=times, loudness=-30 + 5 * np.sin(times / 100), kinds=kinds, beats=np.arange(0, hour, 0.5)
    )
    return replace(
        few,
        facts=replace(
            FACTS, name="a-clip-with-a-rather-long-name-of-the-festival-on-the-market-square-2.mp4", seconds=hour
        ),
        span=(0.0, hour),
        people=people,
        pairs=pairs,
        happenings=happenings,
        moments=moments,
        sound=sound,
        not_measured=tuple(
            (f"{each} and {each + 1} moving together", "joint track 21 s of 30 s") for each in range(1, 20)
        ),
        cautions=tuple(f"Person {each} was found in 51 % of their frames." for each in range(1, 20)),
        key_frames=tuple(replace(each, time_s=each.time_s * 60) for each in few.key_frames),
    )


def empty() -> Measured:
    """Nobody, no sound, no pictures."""
    few = measured()
    nothing = np.zeros(0)
    nobody = Positions(
        nothing,
        nothing.astype(np.int32),
        *(nothing.astype(np.float32),) * 3,
        nothing.astype(bool),
        nothing.astype(np.int32),
        float("nan"),
    )
    unknown = tuple(replace(each, chance=None, why_not="nobody was followed") for each in (*few.measures, few.beat))
    return replace(
        few,
        people=(),
        pairs=(),
        happenings=(),
        groups=(),
        measures=unknown[:-1],
        beat=unknown[-1],
        positions=nobody,
        moments=replace(few.moments, energy=np.full(60, np.nan), people=np.zeros(60)),
        sound=None,
        key_frames=(),
        pictures_why_not="consent does not name the scope show",
    )
