"""The verdict on each claim, from the cards and from this run, which can lower a claim but never raise it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.claims import Claim, Finding, Verdict, findings_from_evidence, load_claims, status
from commonbeat.report.rings import moments
from commonbeat.results.columns import BETTER_SIDE

if TYPE_CHECKING:
    from commonbeat.report.reading import Reading

# What a run can speak against: claims that name an outcome with a better side, and the ring where they place it.
SPOKEN_TO = {
    "C3": ("watched", "prejudice"),
    "C5": ("city", "trust"),
    "C7": ("present", "cooperation"),
    "C12": ("present", "trust"),
}


WHOSE = {
    "C3": "viewers’ prejudice",
    "C5": "residents’ trust in police",
    "C7": "readiness to cooperate of those present",
    "C12": "trust in police of those present",
}


@dataclass(frozen=True, slots=True)
class RunFinding(Finding):
    """What the run says: judged with above zero in the claim's favour, printed with the sign of the pictures."""

    def __str__(self) -> str:
        """The finding in words, people and outcome named."""
        ends = [
            BETTER_SIDE[self.outcome] * value for value in (self.estimate, self.low, self.high) if value is not None
        ]
        middle, low, high = (f"{float(f'{value:.2g}'):g}".replace("-", "−") for value in (ends[0], *sorted(ends[1:])))
        return f"{self.source} ({middle} {self.unit} [{low}, {high}])"


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict."""

    claim: Claim
    verdict: Verdict

    @property
    def sides(self) -> str:
        """Which way the figures of studies and of the run point, where a claim says that something falls."""
        if self.claim.direction != "down":
            return ""
        return (
            f"In the figures of studies, above zero speaks for the claim: less {self.claim.outcome}. In those of this run, as in "
            "its pictures, below zero is less."
        )

    @property
    def kind(self) -> str:
        """The status as a word for style sheets."""
        return self.verdict.status.replace(" ", "-")


def findings_from_run(reading: Reading) -> tuple[Finding, ...]:
    """One finding for each claim that this run can speak to, under the story's own arm, above 0 in its favour."""
    found = []
    for claim, (ring, outcome) in SPOKEN_TO.items():
        arm = reading.telling.headline if ring == "watched" else moments(reading)[0]
        spread = reading.ring(arm.name, ring, "effect", outcome)
        if spread is not None:
            points = sorted(1000 * BETTER_SIDE[outcome] * value for value in (spread.low, spread.middle, spread.high))
            low, middle, high = (float(f"{value:.2g}") for value in points)
            found.append(
                RunFinding(
                    claim,
                    outcome,
                    middle,
                    low,
                    high,
                    source=f"this run, {WHOSE[claim]}: {arm.title}",
                    population=ring,
                    kind="run",
                    label=arm.title,
                    unit="‰ SD",
                    study="this run",
                )
            )
    return tuple(found)


def judged(reading: Reading) -> dict[str, Judged]:
    """Every claim with its verdict, in the ledger's order."""
    findings = (*findings_from_evidence(), *findings_from_run(reading))
    return {claim.id: Judged(claim, status(claim, findings)) for claim in load_claims()}
