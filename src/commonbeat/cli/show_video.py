"""A measured clip on the screen: the sentence first, coverage, pairs beside chance, what happened, and what was not measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from rich.console import Console

    from commonbeat.record.video.instrument.measured import Measured
    from commonbeat.workflows.record_video import VideoResult

MOST_LINES = 8


def show_video(result: VideoResult, *, as_json: bool) -> None:
    """What was measured stands on standard output, or one JSON document does."""
    measured = result.measured
    if as_json:
        from commonbeat.workflows.record_video_document import document
        from commonbeat.workflows.record_video_saving import DRAFT, PAGE

        paths = {"folder": result.folder, "report": result.folder / PAGE, "draft": result.folder / DRAFT}
        print_json({**document(measured), **paths})
        return
    from commonbeat.report.video import limits, statement

    screen = console()
    print_lines([statement(measured), ""])
    _pairs(measured, screen)
    _happenings(measured)
    told = limits(measured)
    if told:
        more = [f"- and {len(told) - MOST_LINES} more on the page"] if len(told) > MOST_LINES else []
        print_lines(["Not measured, or to keep in mind", *(f"- {line}" for line in told[:MOST_LINES]), *more, ""])
    print_lines(
        [f"Draft for a person to confirm: {result.folder / 'encounter-draft.toml'}", str(result.folder / "report.html")]
    )


def _pairs(measured: Measured, screen: Console) -> None:
    from commonbeat.report.video_words import beside_null, named, pairs_shown, share

    if not measured.pairs:
        return
    shown = table(
        "pair", ">seen together", ">near", ">distance, body heights", ">moved together (null)", ">p, adjusted"
    )
    for each in pairs_shown(measured):
        distance = "" if each.distance is None else f"{each.distance:.1f}"
        together = each.together
        value, p = (
            ("not measured", "")
            if together is None
            else (beside_null(together), f"{together.p if together.p_adjusted is None else together.p_adjusted:.3f}")
        )
        shown.add_row(named(each), f"{each.both_s:.0f} s", share(each.near_share), distance, value, p)
    screen.print(shown)


def _happenings(measured: Measured) -> None:
    from commonbeat.report.video_words import clock, happenings_shown

    shown = happenings_shown(measured, MOST_LINES)
    if shown:
        rest = len(measured.happenings) - len(shown)
        more = [f"- and {rest} more in happenings.parquet"] if rest else []
        print_lines(["What happened", *(f"- {clock(each.start_s)}  {each.words}" for each in shown), *more, ""])
