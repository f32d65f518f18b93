"""A pool on the screen: the pooled effect, how studies differ, what tests it, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table
from commonbeat.cli.show_estimate import chance, figure, interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.pool import PoolAccount
    from commonbeat.estimate.row import Estimate
    from commonbeat.workflows.pool import PoolResult

MOST_SHOWN = 60  # single studies; the document and the page have more


def show_pool(result: PoolResult, *, as_json: bool) -> None:
    """The pool stands on standard output, as one JSON document or as tables."""
    if as_json:
        print_json(result.document())
        return
    account, unit = result.account, f", in {result.gathered.unit}" if result.gathered.unit else ""
    warnings: list[str] = []
    print_lines([f"{_counted(account)} from {result.gathered.source}{unit}"])
    console().print(_rows(account.rows, warnings))
    print_lines(_differences(account))
    if account.without:
        print_lines(["", "Each study left out in turn:"])
        console().print(_without(account))
    if warnings:
        print_lines(["", "Notes", *(f"({place}) {words}" for place, words in enumerate(warnings, 1))])
    if result.gathered.left_out:
        print_lines(["", "Left out", *(f"- {each.label}: {each.reason}" for each in result.gathered.left_out)])
    if result.written:
        print_lines(["", *(f"{form}: {path}" for form, path in result.written.items())])


def _counted(account: PoolAccount) -> str:
    k, studies = account.sample.k, account.studied.k
    return f"{k} effect{'s' if k > 1 else ''} of {studies} stud{'ies' if studies > 1 else 'y'}"


def _rows(rows: Sequence[Estimate], warnings: list[str]) -> object:
    """A table of the rows; warnings become numbered notes below it."""
    shown = table("estimand", ">estimate", ">95 % interval", ">p", ">n", "method", "notes")
    for row in rows:
        for words in row.warnings:
            if words not in warnings:
                warnings.append(words)
        marks = " ".join(f"({warnings.index(words) + 1})" for words in row.warnings)
        numbers = (figure(row.estimate), interval(row), chance(row.p_value), f"{row.n:,}")
        shown.add_row(_plain(row.estimand), *numbers, row.method, marks)
    return shown


def _plain(words: str) -> str:
    from rich.markup import escape

    return escape(words)


def _differences(account: PoolAccount) -> list[str]:
    """How the studies differ, where the next one may lie, whether groups differ, and the notes."""
    between, ahead = account.main.heterogeneity, account.main.prediction
    said = []
    if between.tau is not None and between.i2 is not None:
        said.append(
            f"True effects differ with an SD (tau) of {figure(between.tau)} ({figure(between.tau_low)} to "
            f"{figure(between.tau_high)}); I² {between.i2:.0%}; Q {figure(between.q)}, {between.df} df, "
            f"p {chance(between.p_value)}."
        )
    if ahead is not None:
        said.append(f"The next study's effect is expected from {figure(ahead.low)} to {figure(ahead.high)}.")
    for name, found in (("Do groups differ?", account.groups), ("Do effects go with the number?", account.slope)):
        if found is not None and found.f is not None:
            said.append(
                f"{name} F {figure(found.f)}, {found.df} and {found.df_residual} df, p {chance(found.f_p_value)} "
                f"(Q_M {figure(found.q_m)}, p {chance(found.p_value)})."
            )
    return [*said, *account.notes]


def _without(account: PoolAccount) -> object:
    shown = table("without", ">estimate", ">95 % interval", ">tau", ">I²")
    for each in account.without[:MOST_SHOWN]:
        i2 = "-" if each.heterogeneity.i2 is None else f"{each.heterogeneity.i2:.0%}"
        shown.add_row(
            _plain(each.label), figure(each.row.estimate), interval(each.row), figure(each.heterogeneity.tau), i2
        )
    return shown
