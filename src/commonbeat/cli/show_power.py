"""A planned study on the screen: the verdict first, then what the planned sample sees, the cards, the curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from rich.console import Console

    from commonbeat.estimate.power import PowerStudy
    from commonbeat.workflows.power import PowerResult


def show_power(result: PowerResult, *, as_json: bool) -> None:
    """The verdict and the tables stand on standard output, or one JSON document does."""
    if as_json:
        print_json({**result.document(), "folder": result.folder})
        return
    found, screen = result.study, console()
    print_lines([found.verdict, ""])
    _answers(found, screen)
    _cards(found, screen)
    _curve(found, screen)
    _society(found, screen)
    print_lines([f"- {warning}" for warning in found.warnings])
    if not found.complete:
        print_lines(["", "Stopped before the end: what stands here is what was done."])
    if result.folder is not None:
        print_lines(["", str(result.folder)])


def units_of(found: PowerStudy) -> str:
    """What the sample is counted in."""
    return "clusters" if found.design.clustered else "people"


def percent(value: float | None) -> str:
    """A share as a whole percentage."""
    return "" if value is None or math.isnan(value) else f"{100 * value:.0f} %"


def count(value: float) -> str:
    """A number of units, or that none is enough."""
    return f"{value:,.0f}" if math.isfinite(value) else "no number is enough"


def effect(value: float) -> str:
    """An effect in SDs, or that none is seen."""
    return f"{value:.3f}" if math.isfinite(value) else "none"


def _answers(found: PowerStudy, screen: Console) -> None:
    units = units_of(found)
    print_lines([f"With {found.design.planned_size:,} {units}; the effect is {found.assumed}:"])
    shown = table(
        "arm", ">day", ">effect", ">left of it", ">difference", ">power", ">smallest effect seen", f">{units} needed"
    )
    for each in found.answers:
        shown.add_row(
            each.arm,
            f"{each.delay_days:g}",
            effect(each.effect),
            percent(each.left),
            effect(each.difference),
            f"{percent(each.power)} ({percent(each.power_low)} to {percent(each.power_high)})",
            f"{effect(each.smallest_effect)} (simulated {effect(each.smallest_simulated)})",
            count(each.needed),
        )
    screen.print(shown)


def _cards(found: PowerStudy, screen: Console) -> None:
    if not found.cards:
        return
    shown = table(
        "card", "finding", ">published", ">by day", ">effect then", ">smallest seen", ">power", ">needed", "seen"
    )
    for each in found.cards:
        shown.add_row(
            each.card,
            each.label,
            f"{each.published:g}",
            f"{each.wave_days:g}",
            effect(each.effect),
            effect(each.smallest_effect),
            percent(each.power),
            count(each.needed),
            "yes" if each.seen else "no",
        )
    screen.print(shown)


def _curve(found: PowerStudy, screen: Console) -> None:
    shown = table(
        "arm", ">day", f">{units_of(found)}", ">by formula", ">simulated", ">Monte Carlo error", ">trials", ""
    )
    for each in found.curve:
        shown.add_row(
            each.arm,
            f"{each.delay_days:g}",
            f"{each.units:,}",
            percent(each.closed),
            percent(each.simulated),
            f"{100 * each.error:.1f}",
            f"{each.trials:,}",
            each.side and f"clearly {each.side} {percent(found.design.power)}",
        )
    screen.print(shown)


def _society(found: PowerStudy, screen: Console) -> None:
    if not found.society:
        return
    print_lines(["On the simulator's people, who tell each other of it and see clips:"])
    shown = table(
        "arm", ">day", ">people", ">power", ">had nobody heard", ">heard", ">saw", ">of the difference lost", ">trials"
    )
    for each in found.society:
        shown.add_row(
            each.arm,
            f"{each.delay_days:g}",
            f"{each.people:,}",
            f"{percent(each.power)} ({percent(each.low)} to {percent(each.high)})",
            percent(each.clean),
            percent(each.heard),
            percent(each.saw),
            percent(each.shrunk),
            f"{each.trials:,}",
        )
    screen.print(shown)
