"""A study's results on the terminal: the counts, the rates, the scores, the answer, and what cannot be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_lines, table
from commonbeat.listen.results.folder import PRIVATE
from commonbeat.listen.results.names import plainly
from commonbeat.report.listening.figure import HIDDEN, spelt

if TYPE_CHECKING:
    from commonbeat.listen.results.names import Names
    from commonbeat.listen.results.response import Response
    from commonbeat.listen.results.shown import ShownScore
    from commonbeat.workflows.listen_results import ListenResults


def show_results(found: ListenResults) -> None:
    """The results stand on standard output, hidden figures as the word that they all share."""
    response, screen = found.response, console()
    print_lines([*(f"CAUTION: {each}" for each in found.cautions)])
    print_lines([found.collected.title(), *(["An invented example."] if found.collected.study.invented else [])])
    screen.print(_counts(response, found.names))
    rates = [
        f"{each.name}: {'not shown' if each.value is None else f'{each.value:.0%}'} ({each.meaning})"
        for each in response.rates
    ]
    print_lines(rates)
    if found.scores:
        screen.print(_scores(found.scores, found.names))
    print_lines(found.answer)
    for row in found.changes:
        waves = f"{plainly(row.first)} to {plainly(row.second)}"
        print_lines([f"Change of {row.construct}, {waves}: {spelt(row.figure, '+')} points of 100, no effect"])
    print_lines([*response.remarks, *found.remarks])
    if found.folder is not None:
        print_lines([f"Report, which may be passed on: {found.folder / 'report.html'}"])
        print_lines([f"Not to be passed on: {found.folder / PRIVATE}"])
    if found.estimated is not None and found.estimated.findings is not None:
        print_lines([f"Finding saved: {found.estimated.findings}"])


def _counts(response: Response, names: Names):  # noqa: ANN202 - rich is imported late
    made = table("group", *(f">{plainly(column)}" for column in response.columns))
    for grouping in response.groupings:
        for group in grouping.groups:
            counts = (response.people(column, grouping, group) for column in response.columns)
            label = f"{grouping.name}: {names.group(grouping.name, group)}"
            made.add_row(label, *(HIDDEN if each is None else f"{each:,}" for each in counts))
    totals = (response.people(column) for column in response.columns)
    made.add_row("all", *(HIDDEN if each is None else f"{each:,}" for each in totals))
    return made


def _scores(scores: tuple[ShownScore, ...], names: Names):  # noqa: ANN202 - rich is imported late
    made = table("scale, of 100", "wave", "group", ">mean (95 % interval)", ">people", ">alpha")
    for row in scores:
        alpha = "" if row.alpha is None else f"{row.alpha:.2f}"
        people = "" if row.figure.people is None else f"{row.figure.people:,}"
        group = names.anywhere(row.group)
        made.add_row(row.construct, plainly(row.wave), group, spelt(row.figure), people, alpha)
    return made
