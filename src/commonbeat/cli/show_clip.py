"""A clip's forecast on the screen: the sentence first, then the figures, then what was repaired and what to keep in mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from rich.console import Console

    from commonbeat.fit.growth.clip_fit import Ahead, ClipFit, Spread
    from commonbeat.workflows.fit_clip import ClipResult


def show_clip(result: ClipResult, *, as_json: bool) -> None:
    """The forecast stands on standard output, or one JSON document does."""
    if as_json:
        print_json({**result.document(), "folder": result.folder})
        return
    from commonbeat.report.clip_growth import sentence

    fit, screen = result.fit, console()
    print_lines([sentence(fit), ""])
    _marks(fit, screen)
    _traits(fit, screen)
    _groups(fit, screen)
    for heading, lines in (("Repaired or presumed", fit.repairs), ("Keep in mind", fit.cautions)):
        print_lines([heading, *(f"- {line}" for line in lines), ""] if lines else [])
    if result.folder is not None:
        print_lines([str(result.folder)])


def interval(values: Spread | None) -> str:
    """The median with its 90 % interval."""
    return "" if values is None else f"{values.median:,.0f} ({values.low:,.0f} to {values.high:,.0f})"


def _marks(fit: ClipFit, screen: Console) -> None:
    shown = table("age", ">shares (90 %)", ">half of the futures", ">followers of sharers (90 %)", ">came")
    for each in fit.marks:
        half = f"{each.shares.lower:,.0f} to {each.shares.upper:,.0f}"
        shown.add_row(_age(each), interval(each.shares), half, interval(each.reach), _count(each.came))
    screen.print(shown)


def _age(each: Ahead) -> str:
    from commonbeat.fit.growth.duration import spelt

    return spelt(each.hours * 3600)


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _traits(fit: ClipFit, screen: Console) -> None:
    shown = table("parameter", ">value", ">90 % interval", "unit", "meaning")
    for each in fit.traits:
        ends = "" if each.low is None or each.high is None else f"{each.low:.3g} to {each.high:.3g}"
        shown.add_row(each.name, f"{each.value:.3g}", ends, each.unit, each.meaning)
    screen.print(shown)


def _groups(fit: ClipFit, screen: Console) -> None:
    if not fit.groups:
        return
    shown = table("group of the sharers", ">shares", ">followers of sharers")
    for each in fit.groups:
        shown.add_row(each.group, _count(each.shares), "" if each.reach is None else f"{each.reach:,.0f}")
    screen.print(shown)
