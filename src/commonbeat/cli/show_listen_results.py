"""A study's results on the terminal: the counts, the rates, the scores, the answer, and what cannot be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_lines, table

if TYPE_CHECKING:
    from commonbeat.listen.results.response import Response
    from commonbeat.listen.results.score_row import ScoreRow
    from commonbeat.workflows.listen_results import ListenResults

HIDDEN = "hidden"


def show_results(found: ListenResults) -> None:
    """The results stand on standard output, hidden figures as the word that they all share."""
    response, screen = found.response, console()
    print_lines([found.collected.title(), *(["An invented example."] if found.collected.study.invented else [])])
    screen.print(_counts(response))
    rates = [
        f"{each.name}: {'not shown' if each.value is None else f'{each.value:.0%}'} ({each.meaning})"
        for each in response.rates
    ]
    print_lines(rates)
    if found.scores:
        screen.print(_scores(found.scores))
    if found.estimated is not None:
        print_lines([found.estimated.answer])
    for row in found.changes:
        moved = (
            HIDDEN
            if row.estimate is None
            else f"{row.estimate:+.1f} ({row.ci_low or 0:+.1f} to {row.ci_high or 0:+.1f}) points of 100"
        )
        print_lines([f"{row.estimand}: {moved}"])
    print_lines([*response.remarks, *found.remarks])
    if found.folder is not None:
        print_lines([f"Report: {found.folder / 'report.html'}"])
    if found.estimated is not None:
        print_lines(found.estimated.places)


def _counts(response: Response):  # noqa: ANN202 - rich is imported late
    made = table("group", *(f">{column.replace('_', ' ')}" for column in response.columns))
    for grouping in response.groupings:
        for group in grouping.groups:
            counts = (response.people(column, grouping, group) for column in response.columns)
            made.add_row(f"{grouping.name} {group}", *(HIDDEN if each is None else f"{each:,}" for each in counts))
    totals = (response.people(column) for column in response.columns)
    made.add_row("all", *(HIDDEN if each is None else f"{each:,}" for each in totals))
    return made


def _scores(scores: tuple[ScoreRow, ...]):  # noqa: ANN202 - rich is imported late
    made = table("scale, of 100", "wave", "group", ">mean", ">95 % interval", ">alpha")
    for row in scores:
        interval = HIDDEN if row.low is None or row.high is None else f"{row.low:.1f} to {row.high:.1f}"
        alpha = "" if row.alpha is None else f"{row.alpha:.2f}"
        made.add_row(
            row.construct, row.wave, row.group, HIDDEN if row.mean is None else f"{row.mean:.1f}", interval, alpha
        )
    return made
