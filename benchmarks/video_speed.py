"""The video instrument at 720p: analysed frames a second of the pose model alone and of the whole command, and memory over a long film.

    python benchmarks/video_speed.py [--seconds 40] [--minutes 10] [--rate 10]

The film is drawn (four people who dance before a street, 4 s at 25 frames a second) and repeated without encoding it again. Pose
alone: 60 decoded pictures, two ways of feeding the network. Whole: `commonbeat record video` from consent to page, divided into the
pass over the film (decoding, poses, following, all cores) and what comes after it. Wall seconds, because the steps run side by
side; CPU seconds stand beside them, because other work on the machine stretches the wall. Memory: resident set of the process and
of those that it started, minute by minute of film. Needs the extra `video` and the models (commonbeat record video --get-model).
A named peer: mediapipe's pose landmarker, in turns, where an interpreter that has it is named by PEER_PYTHON; else left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
import numpy as np

from commonbeat.record.video.decode import open_frames, probe
from commonbeat.record.video.instrument.asked import Asked
from commonbeat.record.video.models.poses import PoseEstimator
from commonbeat.record.video.models.weights import require_models
from commonbeat.workflows.record_video import record_video
from tests.record.video.drawn.choreography import Dancer
from tests.record.video.drawn.clips import click_track, write_clip
from tests.record.video.drawn.figures import draw_scene

DRAWN_S, FILM_RATE, SIZE = 4.0, 25, (1280, 720)
PEOPLE = tuple(
    Dancer(path=((0, 200 + 290 * place, 640),), height_px=330, seed=place, tempo_bpm=104 + 5 * place)
    for place in range(4)
)
PEER = """
import json, sys, time, numpy as np, mediapipe as mp
pictures = np.load(sys.argv[1])
pose = mp.solutions.pose.Pose(model_complexity=1)
pose.process(pictures[0])
start = time.perf_counter()
for picture in pictures: pose.process(picture)
print(json.dumps({"version": mp.__version__, "seconds": time.perf_counter() - start}))
"""


def drawn(folder: Path) -> Path:
    """A short film."""
    _, pictures = draw_scene(PEOPLE, DRAWN_S, FILM_RATE, SIZE)
    return write_clip(pictures, FILM_RATE, folder / "short.mp4", sound=click_track(DRAWN_S, 120))


def repeated(short: Path, seconds: float, path: Path) -> Path:
    """The same film again and again until it is so long; its packets are copied and nothing is encoded."""
    with av.open(str(path), "w") as out, av.open(str(short)) as first:
        # All streams stand before the first packet: the container writes its head then.
        made = {stream.index: out.add_stream_from_template(stream) for stream in first.streams}
        last = dict.fromkeys(made, -1)
        for turn in range(-(-int(seconds) // int(DRAWN_S))):
            with av.open(str(short)) as film:
                for packet in film.demux():
                    if packet.dts is None or packet.pts is None:
                        continue
                    place, shift = packet.stream.index, round(turn * DRAWN_S / packet.time_base)
                    if turn and packet.dts + shift <= last[place]:
                        continue  # a packet of sound reaches a little beyond the end of the film
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, made[place]
                    last[place] = packet.dts
                    out.mux(packet)
    return path


def resident_mb() -> float:
    """Memory of this process and of all that it started, in megabytes."""
    pages = 0
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if int(entry.name) == os.getpid() or parent == os.getpid():
                pages += int((entry / "statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Watcher:
    """A narrator who looks at the clock and at memory, minute by minute of film."""

    def __init__(self) -> None:
        self.times: list[tuple[float, int]] = []
        self.memory: list[tuple[int, float]] = []

    def says(self, text: str) -> None:
        print(f"    {text}")

    def progress(self, done: int, total: int) -> None:  # noqa: ARG002  a narrator is told both
        self.times.append((time.perf_counter(), done))
        if done % 60 == 0 and (not self.memory or self.memory[-1][0] != done):
            self.memory.append((done, resident_mb()))


def consent_in(folder: Path) -> Path:
    """Four adults who agreed to be measured and to nothing else."""
    given = {"collected_by": "researcher", "given_on": date.today().isoformat(), "scope": ["analyse"], "by": "self"}  # noqa: DTZ011
    until = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011
    permissions = [{"slot": f"adult {number}", "expires_on": until, **given} for number in range(1, 5)]
    tree = {
        "schema": 1,
        "identifier": "drawn-consent",
        "encounter": "drawn",
        "visible": {"adult": 4},
        "permissions": permissions,
    }
    path = folder / "consent.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def pose_alone(pictures: list) -> None:
    """How many pictures a second the network takes, by the size of its frame and the most people."""
    models = require_models()
    for side, people in ((256, 6), (256, 20), (384, 6), (384, 20)):
        estimator = PoseEstimator(models, shorter_side=side, people=people)
        list(estimator.stream(pictures[:4]))
        wall, processor = time.perf_counter(), time.process_time()
        found = sum(len(each.keypoints) for each in estimator.stream(pictures))
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        rate, cost = len(pictures) / wall, processor / len(pictures) * 1000
        print(
            f"  pose alone, shorter side {side} px, at most {people:2} people: {rate:5.1f} frames/s, {cost:4.0f} ms CPU a frame, {found / len(pictures):.2f} people found"
        )


def whole(clip: Path, folder: Path, rate: float, name: str) -> Watcher:
    """The whole command; returned is who watched it."""
    watcher = Watcher()
    wall, processor = time.perf_counter(), time.process_time()
    result = record_video(
        clip, consent=consent_in(folder), out=folder / name, asked=Asked(rate=rate), project=folder, narrator=watcher
    )
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    passing = watcher.times[-1][0] - watcher.times[0][0]
    frames = result.measured.frames
    print(
        f"  whole command: {frames} frames, {frames / wall:.1f} frames/s ({frames / passing:.1f} in the pass over the film, "
        f"{processor / frames * 1000:.0f} ms CPU a frame of this process), {len(result.measured.people)} people"
    )
    return watcher


def peer(pictures: list, folder: Path) -> None:
    """Mediapipe on the same pictures, where there is one."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print("  mediapipe: LEFT OUT, no interpreter that has it is named by PEER_PYTHON")
        return
    np.save(folder / "pictures.npy", np.stack([each.picture for each in pictures]))
    command = [python, "-c", PEER, str(folder / "pictures.npy")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if ran.returncode:
        print(f"  mediapipe: LEFT OUT, it did not run: {ran.stderr.strip().splitlines()[-1:]}")
        return
    told = json.loads(ran.stdout.strip().splitlines()[-1])
    print(f"  mediapipe {told['version']}, one person in each picture: {len(pictures) / told['seconds']:.1f} frames/s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=40.0)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--rate", type=float, default=10.0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        short = drawn(folder)
        with open_frames(short, probe(short)) as frames:
            pictures = [frame for frame, _ in zip(frames, range(60), strict=False)]
        print(f"{SIZE[0]} by {SIZE[1]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        pose_alone(pictures)
        peer(pictures, folder)
        whole(repeated(short, given.seconds, folder / "film.mp4"), folder, given.rate, "short")
        if given.minutes > 0:
            long = repeated(short, 60 * given.minutes, folder / "long.mp4")
            memory = whole(long, folder, 5.0, "long").memory
            print("  memory, minute of film and MB: " + ", ".join(f"{at // 60}: {size:.0f}" for at, size in memory))
            print(
                f"  of the last half over the first: {median(m for _, m in memory[len(memory) // 2 :]) / median(m for _, m in memory[: len(memory) // 2]):.2f}"
            )


if __name__ == "__main__":
    main()
