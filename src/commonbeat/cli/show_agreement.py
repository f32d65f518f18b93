"""Coding by people on the screen: sheets, marks, agreement and frames."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from rich.console import Console

    from commonbeat.record.coding.agreement import Agreement
    from commonbeat.record.coding.event_agreement import EventAgreement
    from commonbeat.record.coding.frames import FrameCount, Frames
    from commonbeat.record.coding.shares import Estimate
    from commonbeat.workflows.record_agree import AgreeResult
    from commonbeat.workflows.record_codes import CodesResult
    from commonbeat.workflows.record_coding_sheet import SheetResult
    from commonbeat.workflows.record_frames import FramesResult

MOST_LINES = 20


def show_sheet(result: SheetResult, *, as_json: bool) -> None:
    """The sheet stands on standard output, or what was written."""
    if as_json:
        print_json(result.document())
        return
    print_lines([result.markdown] if result.markdown else [*result.notes, *(str(path) for path in result.written)])


def show_codes(result: CodesResult, *, as_json: bool) -> None:
    """The marks stand on standard output."""
    if as_json:
        print_json(result.document())
        return
    from commonbeat.workflows.record_agree_words import clock

    shown = table("clip", "coder", ">start", ">end", "code", "value", "subject", "comment")
    for event in result.events:
        start, end = clock(event.start_s), "" if event.end_s == event.start_s else clock(event.end_s)
        shown.add_row(event.clip, event.coder, start, end, event.code, event.value, event.subject, event.comment)
    console().print(shown)
    print_lines(result.warnings)
    print_lines([f"{len(result.events)} marks, {result.added} of them added."])
    print_lines([str(result.out)] if result.out is not None else [])


def show_agreement(result: AgreeResult, *, as_json: bool) -> None:
    """The figures stand on standard output, then what to keep in mind, then where coders differ."""
    if as_json:
        print_json(result.document())
        return
    from commonbeat.workflows.record_agree_words import CONVENTION, difference, disagreement

    screen = console()
    if result.agreements:
        _agreements(result.agreements, screen)
        print_lines([CONVENTION, ""])
    for pair in result.events:
        _marks(pair, screen)
    _tone(result)
    cautions = [
        f"{each.code}{f' [{each.group}]' if each.group else ''}: {said}"
        for each in result.agreements
        for said in each.warnings
    ]
    cautions += [f"{pair.first} and {pair.second}: {said}" for pair in result.events for said in pair.warnings]
    _listed("Keep in mind", [*cautions, *result.warnings], None)
    differing = [difference(each, pair) for pair in result.events for each in pair.differences]
    _listed("Where coders differ", [*differing, *(disagreement(each) for each in result.disagreements)], MOST_LINES)
    print_lines([str(result.out)] if result.out is not None else [])


def _agreements(agreements: tuple[Agreement, ...], screen: Console) -> None:
    from commonbeat.workflows.record_agree_words import interval, kappa_of, number, share

    shown = table(
        "code", "level", ">alpha", ">95 %", ">equal", ">kappa", ">units", ">coders", "most given", "by convention"
    )
    for each in agreements:
        name = f"{each.code} [{each.group}]" if each.group else each.code
        most = max(each.shares, key=lambda pair: pair[1], default=None)
        shown.add_row(
            name,
            each.level,
            number(each.alpha),
            interval(each.low, each.high),
            share(each.agreement),
            kappa_of(each),
            str(each.units),
            str(len(each.coders)),
            "not told" if most is None else f"{most[0]} {most[1]:.0%}",
            each.verdict,
        )
    screen.print(shown)


def _marks(pair: EventAgreement, screen: Console) -> None:
    from commonbeat.workflows.record_agree_words import kappa, number

    clips = f"{len(pair.clips)} clip{'' if len(pair.clips) == 1 else 's'}"
    print_lines(
        [
            f"{pair.first} and {pair.second}, {clips}: marks within {pair.tolerance_s:g} s. Kappa of marks: {number(pair.kappa)}."
        ]
    )
    shown = table(
        "code", ">both", f">only {pair.first}", f">only {pair.second}", ">shared", ">later by", ">kappa of time units"
    )
    units = {each.label: kappa(each.kappa) for each in pair.units}
    for each in pair.codes:
        lag = "" if math.isnan(each.lag_s) else f"{each.lag_s:+.2f} s"
        counts = [str(count) for count in (each.both, each.first_only, each.second_only)]
        shown.add_row(each.label, *counts, f"{each.shared:.0%}", lag, units.get(each.label, "-"))
    screen.print(shown)


def _tone(result: AgreeResult) -> None:
    tone = result.tone
    if tone is not None and tone.coders:
        spread = "" if math.isnan(tone.sd) else f", standard deviation {tone.sd:.2f} between them"
        coders = f"{tone.coders} coder{'' if tone.coders == 1 else 's'}"
        print_lines(
            [f"Tone as {coders} judged it, from -1 to 1: {tone.mean:+.2f}{spread}, {tone.judgements} judgements.", ""]
        )


def show_frames(result: FramesResult, *, as_json: bool) -> None:
    """The counts stand on standard output."""
    if as_json:
        print_json(result.document())
        return
    found, screen = result.frames, console()
    print_lines([f"{found.texts} texts, coded by {len(found.coders)} coders."])
    if found.totals or found.cells:
        shown = table(
            "frame", "cell", ">share or mean", ">95 %", ">seen", ">of", ">disputed", ">if all no, all yes", ">alpha"
        )
        for each in (*found.totals, *found.cells):
            shown.add_row(*_count(each, found))
        screen.print(shown)
    if found.changes:
        shown = table(
            "frame", f">{found.changes[0].before.cell}", f">{found.changes[0].after.cell}", ">change", ">95 %"
        )
        for each in found.changes:
            tone = each.code in found.tones
            values = [_value(one.share.value, tone=tone) for one in (each.before, each.after)]
            shown.add_row(
                each.code, *values, _change(each.change.value, tone=tone), _ends(each.change, tone=tone, signed=True)
            )
        screen.print(shown)
    _listed("Keep in mind", list(found.warnings), None)
    print_lines([str(result.out)] if result.out is not None else [])


def _count(each: FrameCount, found: Frames) -> list[str]:
    from commonbeat.workflows.record_agree_words import number

    tone = each.code in found.tones
    seen, disputed, bounds = str(each.seen), str(each.disputed), " to ".join(f"{bound:.0%}" for bound in each.bounds)
    own = ["", str(each.texts), "", ""] if tone else [seen, str(each.texts), disputed, bounds]
    own.append(number(found.reliability.get(each.code, math.nan)))
    return [each.code, each.cell, _value(each.share.value, tone=tone), _ends(each.share, tone=tone, signed=False), *own]


def _value(value: float, *, tone: bool) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:+.2f}" if tone else f"{value:.0%}"


def _change(value: float, *, tone: bool) -> str:
    return "-" if math.isnan(value) else (f"{value:+.2f}" if tone else f"{100 * value:+.0f} points")


def _ends(each: Estimate, *, tone: bool, signed: bool) -> str:
    ends = (each.low, each.high)
    if any(math.isnan(end) for end in ends):
        return "-"
    if tone:
        return " to ".join(f"{end:+.2f}" for end in ends)
    return " to ".join(f"{100 * end:+.0f}" if signed else f"{end:.0%}" for end in ends)


def _listed(heading: str, lines: list[str], most: int | None) -> None:
    """The lines below a heading; above `most`, only the first and how many more there are."""
    if not lines:
        return
    more = len(lines) - most if most is not None and len(lines) > most else 0
    ending = [f"... and {more} more: --out FILE or --json holds them all."] if more else []
    print_lines([heading, *(f"- {line}" for line in lines[:most]), *ending, ""])
