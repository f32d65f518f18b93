"""Agreement in words: rows of a table, and a text that a team can keep beside its codes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.record.coding.agreement import Agreement
    from commonbeat.record.coding.event_agreement import Difference, EventAgreement
    from commonbeat.record.coding.kappa import Kappa
    from commonbeat.record.coding.ratings import Disagreement
    from commonbeat.workflows.record_agree import AgreeResult

CONVENTION = (
    "By Krippendorff's convention codes serve as data from .80 on and for tentative conclusions from .667 on. These bounds are conventions: "
    "what a wrong code costs in your study decides."
)


def number(value: float) -> str:
    """Two digits without the leading zero, as agreement is written; a dash where nothing could be computed."""
    if math.isnan(value):
        return "-"
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def share(value: float) -> str:
    """A share in whole per cent, or a dash."""
    return "-" if math.isnan(value) else f"{value:.0%}"


def interval(low: float, high: float) -> str:
    """Both ends, or a dash."""
    return "-" if math.isnan(low) or math.isnan(high) else f"{number(low)} to {number(high)}"


def kappa(found: Kappa) -> str:
    """A kappa with its interval."""
    return "-" if math.isnan(found.value) else f"{number(found.value)} ({interval(found.low, found.high)})"


def kappa_of(each: Agreement) -> str:
    """Cohen's kappa of two coders (weighted by squares where the values have an order), Fleiss's of more."""
    if len(each.pairs) == 1:
        pair = each.pairs[0]
        return kappa(pair.kappa if pair.quadratic is None else pair.quadratic)
    return kappa(each.fleiss)


def clock(seconds: float) -> str:
    """A time on the clip's clock, such as 1:05.4; "" where there is none."""
    if math.isnan(seconds):
        return ""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def disagreement(each: Disagreement) -> str:
    """One unit on which coders differ, in a line."""
    when = clock(each.start_s)
    where = f"{each.clip} {when}" if when else each.unit
    said = ", ".join(f"{coder}: {value}" for coder, value in each.given)
    return f"{where}  {each.code}{f' [{each.group}]' if each.group else ''}  {said}"


def difference(each: Difference, pair: EventAgreement) -> str:
    """One mark on which two coders differ, in a line."""
    subject = f" ({each.subject})" if each.subject else ""
    return f"{each.clip} {clock(each.start_s)}{subject}  {pair.first}: {each.first or 'nothing'}, {pair.second}: {each.second or 'nothing'}"


def as_markdown(result: AgreeResult) -> str:
    """All figures, warnings and disagreements as one text."""
    lines = ["# Agreement of coders", ""]
    if result.agreements:
        lines += [
            CONVENTION,
            "",
            "| code | level | alpha | 95 % interval | equal pairs | kappa | units | coders | by convention |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {each.code}{f' [{each.group}]' if each.group else ''} | {each.level} | {number(each.alpha)} | {interval(each.low, each.high)} | "
            f"{share(each.agreement)} | {kappa_of(each)} | {each.units} | {len(each.coders)} | {each.verdict} |"
            for each in result.agreements
        ]
        lines += ["", *(f"- {each.code}: {warning}" for each in result.agreements for warning in each.warnings), ""]
    for pair in result.events:
        lines += [f"## {pair.first} and {pair.second}: marks within {pair.tolerance_s:g} s", ""]
        lines += [
            f"Kappa of marks: {number(pair.kappa)}.",
            "",
            "| code | both | first only | second only | shared | time units: kappa |",
            "|---|---|---|---|---|---|",
        ]
        units = {each.label: kappa(each.kappa) for each in pair.units}
        lines += [
            f"| {each.label} | {each.both} | {each.first_only} | {each.second_only} | {each.shared:.0%} | {units.get(each.label, '-')} |"
            for each in pair.codes
        ]
        lines += [
            "",
            *(f"- {warning}" for warning in pair.warnings),
            "",
            *(f"- {difference(each, pair)}" for each in pair.differences),
            "",
        ]
    if result.disagreements:
        lines += ["## Where coders differ", "", *(f"- {disagreement(each)}" for each in result.disagreements), ""]
    if result.warnings:
        lines += ["## Keep in mind", "", *(f"- {warning}" for warning in result.warnings), ""]
    return "\n".join(lines)
