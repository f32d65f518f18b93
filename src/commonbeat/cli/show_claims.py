"""The claims with their verdicts, as a table or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.workflows.claims import JudgedClaim

STYLES = {"supported": "green", "mixed": "yellow", "not supported": "red", "unknown": "dim"}


def show_claims(judged: Sequence[JudgedClaim], *, as_json: bool) -> None:
    """Every claim stands on standard output with its status and why."""
    if as_json:
        print_json([_document(each) for each in judged])
        return
    shown = table("claim", "says", "status", "why")
    for each in judged:
        status = each.verdict.status
        shown.add_row(each.claim.id, each.claim.text, f"[{STYLES[status]}]{status}[/]", each.verdict.why)
        shown.add_section()
    console().print(shown)


def _document(each: JudgedClaim) -> dict[str, object]:
    claim = each.claim
    return {
        "id": claim.id,
        "text": claim.text,
        "status": each.verdict.status,
        "why": each.verdict.why,
        "outcome": claim.outcome,
        "population": claim.population,
        "direction": claim.direction,
        "paragraph": claim.paragraph,
        "rule": claim.rule,
        "simulated": list(claim.simulated),
        "asks": claim.asks,
        "findings": list(each.findings),
    }
