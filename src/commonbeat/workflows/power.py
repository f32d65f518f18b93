"""A planned study becomes an answer: read, worked through point by point, saved whole, and told on a page."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistake, RunFolderError
from commonbeat.workflows.kernel_cache import opened, prepare_kernel_cache
from commonbeat.workflows.ledger_hash import ledger_hash
from commonbeat.workflows.narrator import Silence

if TYPE_CHECKING:
    from collections.abc import Callable

    from commonbeat.estimate.power import PowerDesign, PowerStudy, Progress, SocietyRun
    from commonbeat.workflows.narrator import Narrator

PAGE, DOCUMENT, DESIGN, CURVE, KEPT = "power.html", "power.json", "design.toml", "curve.csv", "kept.json"


@dataclass(frozen=True, slots=True)
class PowerResult:
    """The study of a design, as it was written down, and where it stands: a folder, or None when none was asked for."""

    study: PowerStudy
    text: str
    folder: Path | None

    def document(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return document(self.study)


def plan_power(path: str | Path, out: str | Path | None = None, narrator: Narrator | None = None) -> PowerResult:
    """What the planned study in the file (or the shipped one of that name) can see; with `out`, a folder holds it all.

    Ctrl-C ends the work early: what was done is in the result, which says that it is not complete. With `out` it is also kept
    beside the folder, and the same call goes on from there.

    Raises:
        DesignError: with every mistake in the design. RunFolderError: something stands at `out`. WriteError: the disk refused.
    """
    prepare_kernel_cache()
    from commonbeat.estimate.power import Progress, parse_power_design, power_design_text, study

    narrator = narrator or Silence()
    text = power_design_text(path)
    design = parse_power_design(text, source=str(path))
    folder = None if out is None else Path(out)
    progress = Progress(heard=narrator.progress)
    if folder is not None:
        refuse(folder)
        take_up(progress, folder, text, narrator)
        progress.keep = keeper(progress, folder, text)
    found = study(design, progress, society_of(design, narrator))
    if folder is not None:
        folder = save(found, folder, text, progress)
    if not found.complete:
        kept = f"; what is done is kept in {folder}, and the same command goes on from it" if folder else ""
        narrator.says(f"Stopped: {len(found.curve)} points of the curve are done{kept}")
    return PowerResult(found, text, folder)


def society_of(design: PowerDesign, narrator: Narrator) -> SocietyRun | None:
    """The society made ready for the design's trials, or None where the design wants none."""
    if design.society is None:
        return None
    from commonbeat.estimate.power import SocietyRun, assume

    narrator.says(f"Opening the society '{design.society.name}' (built the first time, then taken from the cache)")
    return SocietyRun(design, assume(design), opened(design.society.name, narrator))


def partial_of(folder: Path) -> Path:
    """Where finished points wait until the study is whole."""
    return folder.with_name(f"{folder.name}.partial")


def refuse(folder: Path) -> None:
    """Nothing stands at the folder, or RunFolderError says so: a finished study is never written over."""
    if os.path.lexists(folder):
        rule, way_out = "exists already, and nothing is written over", "Choose another folder, or move this one away."
        raise RunFolderError("The study cannot be written there:", [Mistake(str(folder), None, rule, way_out)])


def fingerprint(text: str) -> str:
    """What finished points depend on: the design's text and the evidence."""
    return hashlib.sha256(f"{text}\n{ledger_hash()}".encode()).hexdigest()


def take_up(progress: Progress, folder: Path, text: str, narrator: Narrator) -> None:
    """What an earlier call of the same design and evidence has finished stands in `progress`."""
    from commonbeat.estimate.power import Point

    try:
        kept = json.loads((partial_of(folder) / KEPT).read_text(encoding="utf-8"))
        points = {key: Point(**row) for key, row in kept["points"].items()}
        draws, of = dict(kept["draws"]), kept["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if of == fingerprint(text):
        progress.points, progress.draws = points, draws
        narrator.says(f"Going on from {len(points)} points and {len(draws)} draws that were kept")


def keeper(progress: Progress, folder: Path, text: str) -> Callable[[], None]:
    """A function after whose call everything done so far is safe beside the folder."""
    from commonbeat.results.disk import write_whole

    place, mark = partial_of(folder), fingerprint(text)

    def keep() -> None:
        place.mkdir(parents=True, exist_ok=True)
        points = {key: asdict(point) for key, point in progress.points.items()}
        kept = {"fingerprint": mark, "points": points, "draws": progress.draws}
        write_whole(place / KEPT, json.dumps(kept).encode())

    return keep


def save(found: PowerStudy, folder: Path, text: str, progress: Progress) -> Path:
    """The study stands in its folder, whole; one that was stopped stands in the folder beside it, with what was kept."""
    from commonbeat.report.power import render_power
    from commonbeat.results.disk import whole_folder, write_whole

    files = {
        DESIGN: text,
        DOCUMENT: json.dumps(document(found), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        CURVE: curve_table(found),
        PAGE: render_power(found),
    }
    if found.complete:
        with whole_folder(folder) as draft:
            for name, content in files.items():
                (draft / name).write_text(content, encoding="utf-8")
        shutil.rmtree(partial_of(folder), ignore_errors=True)
        return folder
    progress.keep()
    for name, content in files.items():
        write_whole(partial_of(folder) / name, content.encode())
    return partial_of(folder)


def curve_table(found: PowerStudy) -> str:
    """The curve as CSV, one row per point."""
    from commonbeat.estimate.power import Point

    names = list(Point.__dataclass_fields__)
    lines = [",".join(names)]
    for point in found.curve:
        cells = [getattr(point, name) for name in names]
        lines.append(",".join(f'"{each}"' if isinstance(each, str) else f"{each:.6g}" for each in cells))
    return "\n".join(lines) + "\n"


def document(found: PowerStudy) -> dict[str, Any]:
    """The study as plain values: figures that are not finite become None."""
    design = found.design.model_dump(mode="json", exclude_none=True)
    names = ("verdict", "assumed", "complete", "answers", "cards", "curve", "society", "warnings")
    return {"design": design, **{name: _plain(getattr(found, name)) for name in names}}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(each) for key, each in asdict(value).items()}
    if isinstance(value, float):
        return round(value, 10) if math.isfinite(value) else None
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
