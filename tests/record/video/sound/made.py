"""Made-up sound: clicks, drum loops with swing, chords, babble of a crowd, spoken sentences."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import lfilter, resample_poly

RATE = 22050
SENTENCES = (
    "Come over here and show us that step again, we have all afternoon.",
    "I did not think that you would join in, but there you are.",
    "Mind the kerb, and let the little ones stand in front.",
    "Where is the music coming from, and who is playing it today?",
)


def clicks(bpm: float, seconds: float, luck: np.random.Generator) -> np.ndarray:
    sound = np.zeros(round(seconds * RATE))
    for beat in np.arange(luck.uniform(0.1, 0.5), seconds - 0.1, 60 / bpm):
        _add(sound, beat, np.sin(2 * np.pi * 1500 * np.arange(600) / RATE) * np.exp(-np.arange(600) / 120))
    return sound


def drums(bpm: float, seconds: float, luck: np.random.Generator, swing: float = 0.5) -> np.ndarray:
    """Kick on one and three, snare on two and four, hi-hat on eighths whose second comes at `swing` of the beat."""
    sound = np.zeros(round(seconds * RATE))
    start = luck.uniform(0.1, 0.5)
    ticks = np.arange(2600) / RATE
    kick = np.sin(2 * np.pi * (50 * ticks + 60 * (1 - np.exp(-ticks * 40)) / 40)) * np.exp(-ticks * 25)
    for count, beat in enumerate(np.arange(start, seconds - 0.3, 60 / bpm)):
        if count % 2 == 0:
            _add(sound, beat, kick)
        else:
            _add(sound, beat, 0.6 * luck.standard_normal(2600) * np.exp(-ticks * 30))
        for place, strength in ((0.0, 0.25), (swing, 0.18)):
            hat = lfilter([1, -0.95], [1], luck.standard_normal(900)) * np.exp(-np.arange(900) / 150)
            _add(sound, beat + place * 60 / bpm, strength * hat)
    return sound


def chords(seconds: float, luck: np.random.Generator, hold_s: float = 1.2) -> np.ndarray:
    sound = np.zeros(round(seconds * RATE))
    for start in np.arange(0, seconds, hold_s):
        times = np.arange(round(hold_s * RATE)) / RATE
        root = 110 * 2 ** (luck.integers(0, 12) / 12)
        notes = [root * ratio for ratio in (1, 1.25, 1.5, 2)]
        tone = sum(np.sin(2 * np.pi * hz * harmonic * times) / harmonic for hz in notes for harmonic in (1, 2, 3, 4))
        _add(sound, start, 0.1 * tone * np.minimum(1, times * 20) * np.exp(-times * 0.7))
    return sound


def crowd(seconds: float, luck: np.random.Generator) -> np.ndarray:
    """Noise shaped like many voices at once."""
    noise = lfilter([1], [1, -1.6, 0.75], luck.standard_normal(round(seconds * RATE)))
    slow = np.convolve(luck.standard_normal(len(noise) // 2205 + 2), np.ones(3) / 3, "same")
    swell = np.interp(np.arange(len(noise)) / 2205, np.arange(len(slow)), np.exp(0.2 * slow))
    return noise * swell / np.std(noise)


def speech(seconds: float, luck: np.random.Generator, folder: Path) -> np.ndarray | None:
    """Sentences by espeak-ng, in several voices; None where it is not installed."""
    if shutil.which("espeak-ng") is None:
        return None
    parts, length = [], 0
    while length < seconds * RATE:
        voice = str(luck.choice(["en-us", "en-gb", "en-us+f3", "en-gb+m4", "en-us+f5"]))
        speed = str(int(luck.integers(130, 190)))
        subprocess.run(
            ["espeak-ng", "-v", voice, "-s", speed, "-w", folder / "said.wav", str(luck.choice(SENTENCES))], check=True
        )
        rate, said = wavfile.read(folder / "said.wav")
        parts.append(resample_poly(said / 32768, RATE, rate))
        parts.append(np.zeros(round(luck.uniform(0.1, 0.6) * RATE)))
        length += len(parts[-1]) + len(parts[-2])
    return np.concatenate(parts)[: round(seconds * RATE)]


def mixed(sound: np.ndarray, noise: np.ndarray, ratio_db: float) -> np.ndarray:
    """The sound with noise `ratio_db` below it, by mean power."""
    return sound + noise[: len(sound)] * np.sqrt(np.mean(sound**2) / np.mean(noise**2)) * 10 ** (-ratio_db / 20)


def _add(sound: np.ndarray, start_s: float, part: np.ndarray) -> None:
    at = round(start_s * RATE)
    room = max(0, min(len(part), len(sound) - at))
    sound[at : at + room] += part[:room]
