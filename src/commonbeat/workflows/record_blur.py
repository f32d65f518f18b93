"""A clip becomes its obscured copy: looked through once, planned, painted over, and written whole with a sheet to review."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import ClipError, InputError, Mistake
from commonbeat.workflows.narrator import Silence
from commonbeat.workflows.record_blur_kept import (
    KeptSightings,
    kept_for,
    known_to_the_store,
    partial_path,
    told_when_stopped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.record import Consent
    from commonbeat.record.video.blur.looking import Detectors
    from commonbeat.record.video.blur.passages import Passage
    from commonbeat.record.video.blur.plan import Plan
    from commonbeat.record.video.blur.sightings import Sightings
    from commonbeat.record.video.models.weights import Models
    from commonbeat.record.video.observed import ClipFacts, Frame
    from commonbeat.workflows.narrator import Narrator

NOBODY = "no head was found in any frame, so nothing was painted over: that nobody is there is for a person to say"
NOTE = "Obscured, never anonymous: voices, clothes, gait, places and words may still tell who somebody is."


@dataclass(frozen=True, slots=True)
class Blurring:
    """How the copy is made. whole_person: bodies are painted over too; mute: no sound; strict: no copy at all when in doubt."""

    whole_person: bool = False
    mute: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class BlurResult:
    """The copy, the sheet for a person to review, and the passages that were hidden whole."""

    copy: Path
    sheet: Path
    facts: ClipFacts
    passages: tuple[Passage, ...]
    heads: int
    sound: str

    @property
    def hidden_s(self) -> float:
        """Seconds that are hidden whole."""
        return sum((each.behind - each.first) / self.facts.frame_rate for each in self.passages)

    def document(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "copy": str(self.copy),
            "review": str(self.sheet),
            "seconds": round(self.facts.seconds, 3),
            "frames": self.facts.frames,
            "head_trails": self.heads,
            "sound": self.sound,
            "hidden_seconds": round(self.hidden_s, 3),
            "hidden": [
                {"start_s": round(each.start_s, 3), "end_s": round(each.end_s, 3), "reasons": list(each.reasons)}
                for each in self.passages
            ],
            "notes": [
                *self.facts.notes,
                *([] if self.heads else [NOBODY]),
                "location, dates, device and all other words of the file are left out",
                NOTE,
            ],
        }


def blur(
    clip: str | Path,
    out: str | Path,
    *,
    consent: str | Path | None,
    project: str | Path = ".",
    how: Blurring | None = None,
    narrator: Narrator | None = None,
) -> BlurResult:
    """The obscured copy stands at `out`, and beside it a sheet of obscured pictures to look through.

    consent: the file of consent, whose scopes analyse and keep are needed and under which the copy is remembered, so that a withdrawal
    deletes it; None keeps nothing but the copy and its sheet.

    Raises ClipError, ConsentError or InputError (exit 2) with nothing written: the clip cannot be read, consent does not reach, the
    models are missing, something stands at `out`, or a passage is doubtful and `strict` was asked for. InterruptedRunError
    after Ctrl-C, WriteError when the disk refuses: no copy is left then, and the same call goes on from what the first pass found.
    """
    how, narrator, out = how or Blurring(), narrator or Silence(), Path(out)
    agreed = _consent(consent)
    _require_container(out)
    _require_room(out)
    kept = kept_for(out, agreed)
    kept.refuse_foreign()
    copies = (out, sheet_path(out))
    with known_to_the_store(Path(project), agreed, copies, kept.folder), told_when_stopped(kept):
        result = _made(Path(clip), out, how, agreed, kept, narrator)
        kept.remove()
    return result


def sheet_path(out: Path) -> Path:
    """Where the sheet stands: beside the copy."""
    return out.with_name(f"{out.stem}.review.jpg")


def _consent(path: str | Path | None) -> Consent | None:
    """The consent, which allows that the clip is looked through and the copy kept; None when none is asked for."""
    if path is None:
        return None
    from commonbeat.record import load_consent
    from commonbeat.workflows.record_store import today

    agreed, day = load_consent(Path(path)), today()
    agreed.require("analyse", day, "look through the clip for heads")
    agreed.require("keep", day, "keep an obscured copy")
    return agreed


def _require_container(out: Path) -> None:
    from importlib.util import find_spec

    missing = [name for name in ("av", "cv2", "openvino") if find_spec(name) is None]
    if missing:
        rule = f"needs packages that are not installed ({', '.join(missing)})"
        raise InputError("No copy can be made:", [Mistake("blur", None, rule, 'Run: pip install "commonbeat[video]"')])
    from commonbeat.record.video.blur.film_writer import container_for

    container_for(out)


def _require_room(out: Path) -> None:
    """The copy and its sheet can be written where they are asked for; said before the clip is read, for that takes a while."""
    from commonbeat.record.video.blur.draft import refuse_long, refuse_taken

    refuse_long(out, sheet_path(out), partial_path(out))
    refuse_taken(out)
    refuse_taken(sheet_path(out))


def _made(
    clip: Path, out: Path, how: Blurring, agreed: Consent | None, kept: KeptSightings, narrator: Narrator
) -> BlurResult:
    """Both passes over the clip."""
    from commonbeat.record.video.blur.plan import plan_for
    from commonbeat.record.video.decode import open_frames, probe
    from commonbeat.record.video.models.weights import require_models

    models = require_models()
    facts = probe(clip, meanwhile=_load_libraries)
    narrator.says(
        f"{facts.name}: {facts.seconds:.1f} s, {facts.width} by {facts.height}; heads are looked for first, then painted over"
    )
    sightings = _looked(clip, facts, models, how, agreed, kept, narrator)
    with open_frames(clip, facts) as frames:  # the other process begins while the plan is made
        plan = plan_for(sightings)
        if how.strict and plan.passages:
            raise _too_doubtful(facts, plan)
        _painted(clip, out, facts, plan, frames, how, narrator)
    heard = "muted" if how.mute else "kept" if facts.has_sound else "none"
    return BlurResult(out, sheet_path(out), facts, plan.passages, plan.heads, heard)


def _load_libraries() -> None:
    """What takes a while to load is loaded."""
    from commonbeat.record.video.blur import copying, plan  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from commonbeat.record.video.models.inference import core

    core()


def _looked(
    clip: Path,
    facts: ClipFacts,
    models: Models,
    how: Blurring,
    agreed: Consent | None,
    kept: KeptSightings,
    narrator: Narrator,
) -> Sightings:
    """The first pass, or what is left of it."""
    from commonbeat.record.video.blur.looking import detection_side, look, pose_step
    from commonbeat.record.video.blur.sightings import Sightings
    from commonbeat.record.video.decode import open_frames

    side = detection_side(facts)
    factor = side / max(facts.width, facts.height)
    size = max(1, round(facts.width * factor)), max(1, round(facts.height * factor))
    step = pose_step(facts, every_frame=how.whole_person)
    sightings = Sightings(*size)
    kept.made_by = _made_by(facts, step, agreed)
    if kept.take_up(sightings):
        narrator.says(f"Going on: {len(sightings.times)} of {facts.frames} frames were looked at before")
    if len(sightings.times) == facts.frames:
        return sightings
    start_s = sightings.times[-1] if sightings.times else 0.0
    tell = _teller(narrator, 0, 2 * facts.frames)
    with open_frames(clip, facts, longest_side=side, start_s=start_s) as frames:
        detectors = _detectors(models)
        detectors.warm_up(size)
        look(frames, detectors, sightings, step, tell, lambda first, behind: kept.lay_down(sightings, first, behind))
    return sightings


def _detectors(models: Models) -> Detectors:
    """Both models, for as many threads as look side by side."""
    from commonbeat.record.video.blur.looking import (
        LEAST_FACE_SCORE,
        MOST_SIDE,
        POSE_SHORTER_SIDE,
        THREADS,
        Detectors,
    )
    from commonbeat.record.video.models.faces import FaceDetector
    from commonbeat.record.video.models.poses import PoseEstimator

    return Detectors(
        FaceDetector(
            models.faces, threads=THREADS, longest_side=MOST_SIDE, least_score=LEAST_FACE_SCORE, at_once=THREADS
        ),
        PoseEstimator(models, shorter_side=POSE_SHORTER_SIDE, people=20, threads=THREADS, at_once=THREADS),
    )


def _made_by(facts: ClipFacts, step: int, agreed: Consent | None) -> dict[str, Any]:
    """All that the first pass's findings depend on: the clip, how often poses are looked for, the models, the version, whose consent."""
    from importlib.metadata import version

    from commonbeat.record.video.models.weights import FACES, POSE_GRAPH, POSE_NUMBERS

    return {
        "clip": facts.sha256,
        "poses in every": step,
        "models": {weight.name: weight.sha256 for weight in (FACES, POSE_GRAPH, POSE_NUMBERS)},
        "version": version("commonbeat"),
        "encounter": None if agreed is None else agreed.encounter,
    }


def _painted(
    clip: Path,
    out: Path,
    facts: ClipFacts,
    plan: Plan,
    frames: Iterator[Frame],
    how: Blurring,
    narrator: Narrator,
) -> None:
    """The second pass: the copy and its sheet stand."""
    from commonbeat.record.video.blur.copying import Painter, write_copy
    from commonbeat.record.video.blur.draft import drafted

    tell = _teller(narrator, facts.frames, 2 * facts.frames)
    with drafted(out, sheet_path(out)) as (film, sheet_draft), _sound(clip, facts, mute=how.mute) as sound:
        painter = Painter(plan, facts, whole_person=how.whole_person)
        sheet = write_copy(frames, sound, facts, painter, plan, film, out, tell)
        sheet_draft.write_bytes(sheet.jpeg())


def _teller(narrator: Narrator, before: int, total: int) -> Any:
    """A function that tells how many frames of both passes are done."""
    return lambda done: narrator.progress(min(before + done, total), total)


@contextlib.contextmanager
def _sound(clip: Path, facts: ClipFacts, *, mute: bool) -> Iterator[Any]:
    """The sound as blocks, or None without."""
    if mute or not facts.has_sound:
        yield None
        return
    from commonbeat.record.video.blur.film_writer import SOUND_RATE
    from commonbeat.record.video.decode import open_sound

    with open_sound(clip, facts, rate=SOUND_RATE, channels=2) as blocks:
        yield blocks


def _too_doubtful(facts: ClipFacts, plan: Plan) -> ClipError:
    way_out = "Leave out --strict to have such passages hidden whole, or cut them out of the clip."
    return ClipError(
        "No copy was made, for heads may show:",
        [
            Mistake(f"{facts.name}, {each.start_s:.2f} s to {each.end_s:.2f} s", None, "; ".join(each.reasons), way_out)
            for each in plan.passages
        ],
    )
