"""The rule that gives a claim its status. It is pure: the same findings always give the same verdict.

A finding counts if it comes from a card that was checked or from an own study, and bears directly on the claim: it measured
the claim's outcome after the claim's kind of experience, and can tell: an interval that holds both zero and effects that would matter
is open, which is not a null. Recalled cards, adjacent and open findings, and runs are shown and never counted. Of several
findings of one study, agreeing ones count once; the same data are one study under any name.

    unknown         nothing counts; or what counts speaks for the claim but is too little for "supported"
    not supported   what counts is null or against, and nothing is for it
    mixed           something that counts is for it, something else is null or against
    supported       nothing that counts is null or against, and two different studies have intervals wholly in its favour

A run cannot raise a claim: its priors are made of the same cards, so it would count them twice. It can lower one: a run
whose interval is wholly against a claim turns "supported" into "mixed".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.claims.catalogue import Claim
    from commonbeat.claims.findings import Finding

STATUSES = ("supported", "mixed", "not supported", "unknown")
STUDIES_FOR_SUPPORT = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim's status, the sentences that say why with numbers and sources, and the findings that counted."""

    status: str
    why: str
    counted: tuple[Finding, ...] = ()
    shown: tuple[Finding, ...] = ()


def status(claim: Claim | str, findings: Iterable[Finding]) -> Verdict:
    """The verdict on a claim, given findings (those on other claims are passed over)."""
    identity = claim if isinstance(claim, str) else claim.id
    own = [finding for finding in findings if finding.claim == identity]
    counted = [finding for finding in own if counts(finding)]
    shown = [finding for finding in own if not counts(finding)]
    favour = [finding for finding in counted if finding.reading == "for"]
    nulls = [finding for finding in counted if finding.reading == "null"]
    against = [finding for finding in counted if finding.reading == "against"]
    opposing_runs = [f for f in shown if f.kind == "run" and f.has_interval and f.reading == "against"]
    found, reason = _decide(favour, nulls, against, opposing_runs)
    parts = [reason, _list("For it", favour), _list("Null", nulls), _list("Against it", against)]
    parts.append(_list("Beside it, not counted", shown))
    return Verdict(found, " ".join(part for part in parts if part), tuple(counted), tuple(shown))


def counts(finding: Finding) -> bool:
    """True if a finding may move a status: checked, direct, not open, and not a run."""
    return (
        finding.kind in ("card", "study")
        and finding.bearing == "direct"
        and finding.checked
        and finding.reading != "open"
    )


def _decide(
    favour: Sequence[Finding], nulls: Sequence[Finding], against: Sequence[Finding], opposing_runs: Sequence[Finding]
) -> tuple[str, str]:
    opposed = _studies([*nulls, *against])
    strong = _studies([finding for finding in favour if finding.has_interval])
    if not favour and not opposed:
        return "unknown", "No checked finding measured this."
    if not favour:
        return "not supported", f"{_count(opposed)} measured this and found nothing or the contrary."
    if opposed:
        return "mixed", f"{_count(_studies(favour))} for it, {_count(opposed)} null or against it."
    if strong < STUDIES_FOR_SUPPORT:
        return (
            "unknown",
            f"{_count(strong)} with an interval wholly in its favour; {STUDIES_FOR_SUPPORT} are asked for.",
        )
    if opposing_runs:
        return "mixed", f"{_count(strong)} for it, but a run speaks against it: {_names(opposing_runs)}."
    return "supported", f"{_count(strong)} with intervals wholly in its favour, none null or against it."


def _studies(findings: Iterable[Finding]) -> int:
    """How many studies these are, where a shared name or shared data make two findings one study."""
    studies: list[set[str]] = []
    for finding in findings:
        marks = {f"study {finding.study or finding.source}"} | ({f"data {finding.data}"} if finding.data else set())
        touching = [study for study in studies if study & marks]
        studies = [study for study in studies if not study & marks] + [marks.union(*touching)]
    return len(studies)


def _count(number: int) -> str:
    return f"{number} {'study' if number == 1 else 'studies'}"


def _names(findings: Sequence[Finding]) -> str:
    return ", ".join(str(finding) for finding in findings)


def _list(heading: str, findings: Sequence[Finding]) -> str:
    return f"{heading}: {_names(findings)}." if findings else ""
