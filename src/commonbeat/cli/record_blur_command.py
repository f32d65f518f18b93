"""The command of the obscured copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

    from commonbeat.workflows.record_blur import BlurResult


def register(record: App) -> None:
    """The command stands in the command line."""
    record.command(record_blur, name="blur")


def record_blur(
    clip: Path,
    /,
    *,
    out: Path,
    consent: Path | None = None,
    no_record: Annotated[bool, Parameter(name="--no-record", negative="", show_default=False)] = False,
    whole_person: Annotated[bool, Parameter(name="--whole-person", negative="", show_default=False)] = False,
    mute: Annotated[bool, Parameter(name="--mute", negative="", show_default=False)] = False,
    strict: Annotated[bool, Parameter(name="--strict", negative="", show_default=False)] = False,
    project: Path = Path(),
    as_json: Annotated[bool, Parameter(name="--json", negative="", show_default=False)] = False,
) -> None:
    """Make an obscured copy of a clip: heads are painted over, and passages in doubt are hidden whole and listed.

    Args:
        clip: The clip.
        out: The copy: a file that does not exist yet, ending in .mp4, .mov, .m4v or .mkv. A sheet of pictures to review is put beside it.
        consent: The consent of those who are seen. It needs the scopes analyse and keep; the copy is remembered, so that a withdrawal deletes it.
        no_record: Obscure, and keep nothing else: no consent is read and no store is touched.
        whole_person: Paint over bodies too.
        mute: Leave the sound out.
        strict: Make no copy at all when a passage is in doubt.
        project: The folder of the store that remembers the copy.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json
    from commonbeat.cli.progress import narrated
    from commonbeat.workflows.record_blur import Blurring, blur

    _require_one(consent, no_record=no_record)
    how = Blurring(whole_person=whole_person, mute=mute, strict=strict)
    with narrated("frames of two passes", farewell="stopping; what was found so far is kept") as narrator:
        result = blur(clip, out, consent=consent, project=project, how=how, narrator=narrator)
    if as_json:
        print_json(result.document())
    else:
        _show(result)


def _require_one(consent: Path | None, *, no_record: bool) -> None:
    """Either consent is given or nothing else is to be kept: which of them, somebody must have decided."""
    from commonbeat.errors import InputError, Mistake

    if (consent is None) != no_record:
        rule = "belong apart" if no_record else "are both missing"
        way_out = "Give one: consent for a copy that belongs to a record, or --no-record for a copy alone."
        raise InputError("This cannot be started:", [Mistake("--consent, --no-record", None, rule, way_out)])


def _show(result: BlurResult) -> None:
    from commonbeat.cli.output import print_lines

    lines = [f"The obscured copy: {result.copy}", f"To review by eye: {result.sheet}", f"Sound: {result.sound}."]
    if result.passages:
        lines.append(f"Hidden whole, {result.hidden_s:.1f} of {result.facts.seconds:.1f} s:")
        lines += [
            f"  {each.start_s:.2f} s to {each.end_s:.2f} s: {'; '.join(each.reasons)}" for each in result.passages
        ]
    else:
        lines.append("No passage was in doubt. That is the detectors' word alone: look at the sheet and at the copy.")
    print_lines([*lines, *result.document()["notes"]])
