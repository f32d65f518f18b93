"""`commonbeat record blur --no-record` on a drawn clip of 720 lines: frames a second, and processor time by pass.

    python benchmarks/blur_speed.py [--frames 150] [--deface /path/to/deface]

The clip shows three people who dance before a street, drawn by the tests. The command runs in a process of its own, with its
decoders; processor time is of all of them. On cores that other work shares, the frames a second on the wall say little:
processor time per frame does, though it grows too where caches are shared, and `two cores` is what it allows at best. What lies between
that and the wall is a core that waits. `--deface` names the command of the package deface 1.5.0
(`pip install deface` in an environment of its own), which looks for faces alone, in each frame, and joins nothing over time;
without it that part is skipped, and says so. Models: `commonbeat record video --get-model` first.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.clips import write_clip
from tests.record.video.drawn.figures import draw_people

SIZE = (1280, 720)
RATE = 25
WANTED = 15.0


def clip_of(folder: Path, frames: int) -> Path:
    seconds = frames / RATE
    people = [
        Dancer(path=((0, 250, 660), (seconds, 450, 660)), height_px=420),
        Dancer(path=((0, 680, 640),), height_px=380, seed=2),
        Dancer(path=((0, 1050, 650), (seconds, 900, 650)), height_px=400, seed=3),
    ]
    drawn = draw_people(dancers(people, seconds, RATE), SIZE)
    return write_clip(drawn, RATE, folder / "clip.mp4")


def spent(words: list[str]) -> tuple[float, float]:
    """Seconds on the wall and of processors, of the command and everything that it starts."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--frames", type=int, default=150)
    ask.add_argument("--deface", type=Path, default=None)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "few").mkdir()
        clip, few = clip_of(folder, given.frames), clip_of(folder / "few", 3)
        ours = [sys.executable, "-m", "commonbeat", "record", "blur"]
        start_wall, start_cpu = spent([*ours, str(few), "--out", str(folder / "few.mp4"), "--no-record"])
        wall, cpu = spent([*ours, str(clip), "--out", str(folder / "copy.mp4"), "--no-record"])
        frames = given.frames
        print(
            f"{frames} frames of {SIZE[0]} by {SIZE[1]}; load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"
        )
        print(f"record blur: {frames / wall:5.1f} frames a second on the wall, everything included (wanted {WANTED:g})")
        lasting = (cpu - start_cpu) / (frames - 3)
        print(f"  after the start {(frames - 3) / (wall - start_wall):.1f} frames a second on the wall")
        print(f"  start (a clip of 3 frames): {start_wall:.1f} s, {start_cpu:.1f} s of processors")
        print(
            f"  then {1e3 * lasting:.0f} ms of processors a frame: two cores of its own give up to {2 / lasting:.1f} frames a second"
        )
        if given.deface is None:
            print("deface: SKIPPED, no --deface PATH was given")
            return
        peer = [str(given.deface), "--keep-audio", "--backend", "opencv", "-o", str(folder / "peer.mp4"), str(clip)]
        peer_wall, peer_cpu = spent(peer)
        print(
            f"deface 1.5.0: {frames / peer_wall:.1f} frames a second on the wall, {1e3 * peer_cpu / frames:.0f} ms of processors a frame"
        )
        print(f"  ratio of processor time, deface to ours: {peer_cpu / cpu:.2f}; on the wall {peer_wall / wall:.2f}")


if __name__ == "__main__":
    main()
