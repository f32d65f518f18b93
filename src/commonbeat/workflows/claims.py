"""The article's claims with their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.claims import Claim, Finding, Verdict


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim, the findings that speak to it, and the verdict that its rule gives."""

    claim: Claim
    findings: tuple[Finding, ...]
    verdict: Verdict


def judge_claims(project: str | Path | None = ".") -> tuple[JudgedClaim, ...]:
    """Every claim with its verdict from the evidence and from the findings of the project folder, if it has any.

    project: a folder with own studies below `findings/`, where estimates are saved; None for the evidence alone. Raises LedgerError with every
    mistake in its files.
    """
    from commonbeat.claims import findings_from_evidence, load_claims, project_findings, status

    own_studies = project_findings(project) if project is not None else ()
    findings = (*findings_from_evidence(), *own_studies)
    judged = []
    for claim in load_claims():
        own = tuple(finding for finding in findings if finding.claim == claim.id)
        judged.append(JudgedClaim(claim, own, status(claim, own)))
    return tuple(judged)
