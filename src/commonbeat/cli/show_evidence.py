"""Cards and parameters, as tables or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.cli.output import console, plain, print_json, table
from commonbeat.cli.picture import picture
from commonbeat.workflows.evidence import CardShown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.evidence import Card
    from commonbeat.workflows.evidence import PriorShown


def show_cards(cards: Sequence[Card], *, as_json: bool) -> None:
    """Every card stands on standard output."""
    if as_json:
        print_json(cards)
        return
    shown = table("card", "finding", "estimate", "source", "checked", "null")
    for card in cards:
        shown.add_row(
            card.id, card.claim, card.estimate, f"{card.citation} ({card.year})", card.status, card.null_finding
        )
    console().print(shown)


def show_parameters(parameters: Sequence[PriorShown], *, as_json: bool) -> None:
    """Every parameter stands on standard output with its prior and what carries it."""
    if as_json:
        print_json([_document(each) for each in parameters])
        return
    shown = table("parameter", ">5 %", ">50 %", ">95 %", "unit", "prior (| is zero)", "carried by")
    for each in parameters:
        parameter, prior = each.parameter, each.prior
        points = (
            ("", "unknown", "") if prior is None else tuple(_figure(v) for v in (prior.low, prior.median, prior.high))
        )
        drawing = "" if prior is None else picture(prior)
        shown.add_row(parameter.name, *points, parameter.unit, drawing, ", ".join(parameter.cards) or "assumed")
    console().print(shown)


def show_one(found: CardShown | PriorShown, *, as_json: bool) -> None:
    """One card or one parameter stands on standard output with everything that the ledger says of it."""
    if isinstance(found, CardShown):
        rows = {**plain(found.card), "informs": ", ".join(found.parameters) or "no parameter"}
        document = {**plain(found.card), "readings": plain(found.readings), "parameters": list(found.parameters)}
        rows |= {f"reading {each.id}": _reading(each) for each in found.readings}
    else:
        document = _document(found)
        rows = _parameter_rows(found)
    if as_json:
        print_json(document)
        return
    shown = table("", "")
    shown.show_header = False
    for name, value in rows.items():
        shown.add_row(name.replace("_", " "), str(value))
    console().print(shown)


def _parameter_rows(found: PriorShown) -> dict[str, str]:
    parameter, prior = found.parameter, found.prior
    rows = {
        "name": parameter.name,
        "meaning": parameter.meaning,
        "unit": parameter.unit,
        "rule": parameter.rule,
        "carried by": ", ".join(parameter.cards) or "assumed",
        "reason": parameter.reason,
    }
    if prior is None:
        return rows | {"prior": "none: nobody has measured it, so it is never drawn"}
    return rows | {
        "5, 50, 95 %": f"{_figure(prior.low)}, {_figure(prior.median)}, {_figure(prior.high)}",
        "mean": _figure(prior.mean),
        "chance of below 0": f"{prior.p_negative:.0%}",
        "picture": picture(prior),
    }


def _document(each: PriorShown) -> dict[str, Any]:
    document = {**plain(each.parameter), "assumed": each.parameter.assumed}
    return {**document, "prior": plain(each.prior), "picture": "" if each.prior is None else picture(each.prior)}


def _reading(reading: Any) -> str:
    error = "" if reading.se is None else f", SE {_figure(reading.se)}"
    return f"{_figure(reading.effect)}{error} ({reading.sd_basis} SD). {reading.label}. {reading.reading}"


def _figure(value: float) -> str:
    """Three significant digits, without an exponent where that can be read."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
