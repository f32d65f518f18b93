"""A clip is measured: consent first, then models, then the film, and one folder whole at the end."""

from __future__ import annotations

import contextlib
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError, Mistake, Mistakes
from commonbeat.workflows.narrator import Silence
from commonbeat.workflows.record_video_kept import Kept, known_to_the_store, told_when_stopped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from commonbeat.record import Consent, Encounter
    from commonbeat.record.video.instrument.asked import Asked
    from commonbeat.record.video.instrument.assemble import Looks
    from commonbeat.record.video.instrument.measured import Measured, Span
    from commonbeat.record.video.instrument.watch import Watch
    from commonbeat.record.video.models.weights import Models
    from commonbeat.record.video.observed import ClipFacts, Tracks
    from commonbeat.workflows.narrator import Narrator

PACKAGES = ("av", "cv2", "openvino")
NO_SHOWING = "consent does not name the scope show for everybody visible"
NO_FACES = "consent does not name the scope face measures for everybody visible; who is who cannot be seen, so nobody’s face is read"


@dataclass(frozen=True, slots=True)
class VideoResult:
    """What was measured, the draft of its encounter, and the folder that holds both."""

    measured: Measured
    draft: Encounter
    folder: Path


@dataclass(frozen=True, slots=True)
class Order:
    """One measurement: the clip, under which consent, what is asked, and what consent allows of it on that day."""

    clip: Path
    consent: Consent
    asked: Asked
    folder: Path
    day: date

    @property
    def scopes(self) -> dict[str, bool]:
        """What consent allows beyond measuring: keypoints kept, pictures shown, faces read."""
        return {
            "keep": self.consent.allows("keep", self.day),
            "show": self.consent.allows("show", self.day),
            "face measures": self.consent.allows("face measures", self.day),
        }


def record_video(
    clip: str | Path,
    *,
    consent: str | Path,
    out: str | Path,
    asked: Asked | None = None,
    project: str | Path = ".",
    narrator: Narrator | None = None,
    day: date | None = None,
) -> VideoResult:
    """What can be seen and heard in the clip, in a new folder at `out`, as far as consent reaches.

    Raises:
        ConsentError: somebody visible did not agree that the clip is measured, or took it back; nothing was decoded. ClipError: the clip
            cannot be measured. InputError: options, a missing model or package. RunFolderError: something stands at `out`.
        InterruptedRunError: stopped; the same command goes on. WriteError: the disk refused.
    """
    from commonbeat.record import load_consent
    from commonbeat.record.video.instrument.asked import Asked
    from commonbeat.results.disk import refuse_existing
    from commonbeat.workflows.record_store import today

    narrator, asked, folder = narrator or Silence(), asked or Asked(), Path(out)
    asked.check()
    refuse_existing(folder)
    order = Order(Path(clip), load_consent(Path(consent)), asked, folder, day or today())
    order.consent.require("analyse", order.day, "measure what the clip shows")
    require_packages()
    models = _models()
    kept = Kept(folder, {})
    with known_to_the_store(Path(project), order.consent, kept), told_when_stopped(kept):
        return _measured(order, models, narrator)


@dataclass(frozen=True, slots=True)
class Given:
    """The three paths that every measurement needs."""

    clip: Path
    consent: Path
    out: Path


def require_given(clip: Path | None, consent: Path | None, out: Path | None, archives: Sequence[Path]) -> Given:
    """The three paths are given, or InputError says which are not; archives belong to --get-model alone."""
    found = Mistakes()
    if clip is None:
        found.add("CLIP", None, "is missing", "Name the clip to measure.")
    if consent is None:
        found.add(
            "--consent", None, "is missing", "Nothing is measured without consent: `commonbeat record new` begins one."
        )
    if out is None:
        found.add("--out", None, "is missing", "Name a folder for what is measured.")
    if archives:
        found.add("--from", str(archives[0]), "belongs to --get-model", "Give both, or neither.")
    found.raise_if_any(InputError, "This cannot be measured:")
    assert clip is not None and consent is not None and out is not None  # noqa: S101, PT018 - refused above
    return Given(clip, consent, out)


def require_packages() -> None:
    """The packages that read films are there, or InputError says how to get them."""
    from importlib.util import find_spec

    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        rule = f"needs packages that are not installed ({', '.join(missing)})"
        raise InputError(
            "No clip can be measured:", [Mistake("video", None, rule, 'Run: pip install "commonbeat[video]"')]
        )


def _models() -> Models:
    from commonbeat.record.video.models.weights import require_models

    return require_models()


def _measured(order: Order, models: Models, narrator: Narrator) -> VideoResult:
    from commonbeat.record.video.decode import probe, refuse_slow
    from commonbeat.record.video.instrument.assemble import assembled
    from commonbeat.record.video.instrument.draft import draft_of
    from commonbeat.record.video.instrument.listen import rhythms_of
    from commonbeat.workflows.record_video_saving import save

    facts = probe(order.clip)
    refuse_slow(facts)
    span = order.asked.span(facts.seconds)
    kept = Kept(order.folder, made_by(order, facts))
    watch = _begun(order, facts, span, models)
    if kept.take_up(watch):
        narrator.says(f"Going on from {watch.seen_s:.0f} s of film that were kept")
    tracks = _watched(order, (facts, span), models, watch, kept, narrator)
    narrator.says("Movements are compared, and the sound is listened to")
    rhythms = rhythms_of(order.clip, facts, span, tracks, models.voice)
    measured = assembled(facts, order.asked, span, tracks, rhythms, _looks(order, watch))
    draft = draft_of(measured, order.consent)
    save(order, measured, draft, tracks, models)
    kept.remove()
    return VideoResult(measured, draft, order.folder)


def made_by(order: Order, facts: ClipFacts) -> dict[str, Any]:
    """All that finished minutes depend on: the clip, what is asked, what consent allows, the models and the version."""
    from importlib.metadata import version

    from commonbeat.record.video.models.weights import WEIGHTS

    return {
        "clip": facts.sha256,
        "asked": asdict(order.asked),
        "scopes": order.scopes,
        "models": {weight.name: weight.sha256 for weight in WEIGHTS},
        "version": version("commonbeat"),
    }


def _begun(order: Order, facts: ClipFacts, span: Span, models: Models) -> Watch:
    """A watch with only those eyes that consent allows."""
    from commonbeat.record.video.follow.camera import StillCamera
    from commonbeat.record.video.instrument.asked import STILL
    from commonbeat.record.video.instrument.eyes import LazyReader, PictureObscurer
    from commonbeat.record.video.instrument.key_pictures import KeyPictures
    from commonbeat.record.video.instrument.smiling import Smiles
    from commonbeat.record.video.instrument.watch import Watch, analysed_size

    scopes = order.scopes
    smiles = Smiles(LazyReader(models) if scopes["face measures"] else None)
    pictures = KeyPictures(span, PictureObscurer(models) if scopes["show"] else None)
    camera = StillCamera() if order.asked.camera == STILL else None
    return Watch.begun(*analysed_size(facts.width, facts.height), smiles, pictures, camera)


def _watched(
    order: Order, film: tuple[ClipFacts, Span], models: Models, watch: Watch, kept: Kept, narrator: Narrator
) -> Tracks:
    """Everybody over the span; each finished minute is laid down."""
    from commonbeat.record.video.decode import open_frames
    from commonbeat.record.video.instrument.pipeline import watched
    from commonbeat.record.video.instrument.watch import LONGEST_SIDE_PX
    from commonbeat.record.video.models.poses import PoseEstimator

    facts, span = film
    begin = span[0] if watch.seen_s is None else watch.seen_s
    total = max(1, math.ceil(span[1] - span[0]))
    estimator = PoseEstimator(models, shorter_side=order.asked.frame_px, people=order.asked.people)

    def says(time_s: float) -> None:
        narrator.progress(min(total, math.ceil(time_s - span[0])), total)

    with (
        open_frames(order.clip, facts, longest_side=LONGEST_SIDE_PX, rate=order.asked.rate, start_s=begin) as frames,
        contextlib.closing(watched(frames, estimator)) as seen,
    ):
        return watch.run(seen, span, says, kept.lay_down)


def _looks(order: Order, watch: Watch) -> Looks:
    from commonbeat.record.video.instrument.assemble import Looks

    return Looks(watch.smiles.result(NO_FACES), tuple(watch.pictures.taken), "" if order.scopes["show"] else NO_SHOWING)
