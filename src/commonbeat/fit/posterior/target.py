"""What a city has to fit to: one row of the targets file each, checked, in the units of the engine."""

from __future__ import annotations

from dataclasses import dataclass

POINTS_PER_SD = (
    26.8  # SD among all adults of the answers to the police thermometer, card E090: of trust, and of nothing else
)
POINTS_OF = "trust"
MOST_POINTS = 100
KINDS = ("survey_mean", "effect", "count", "share_log")
POINTS, ANSWERS, LATENT = "points", "SD", "latent SD"  # SD: of the answers; latent: of the true scores
UNITS = (POINTS, ANSWERS, LATENT)
COUNTED = ("stop", "other contact", "encounter")
CITY = "city"
OF_ENCOUNTERS = ("present", "told", "watched")  # rings that nobody is in before the arm's first event
BURN_IN = 365  # days before day 0 that a survey may lie back
FEWEST_RESPONDENTS = 10
FEWEST_SHARES = 5
HORIZON_HOURS = 720.0  # after it the engine follows a clip no more

# Columns of the file; what `commonbeat estimate --json` writes besides may stand there and is not read.
COLUMNS = (
    "kind",
    "arm",
    "group",
    "ring",
    "outcome",
    "day",
    "estimate",
    "std_error",
    "unit",
    "sd",
    "reliability",
    "n",
    "counted",
    "clip",
    "file",
    "posted",
)
ESTIMATE_COLUMNS = ("estimand", "df", "ci_low", "ci_high", "p_value", "clusters", "method", "warnings")
NEEDED = {
    "survey_mean": ("arm", "group", "outcome", "day", "estimate", "unit"),
    "effect": ("arm", "group", "outcome", "day", "estimate", "unit"),
    "count": ("arm", "group", "counted", "day", "estimate"),
    "share_log": ("arm", "file"),
}
USED = {
    "survey_mean": (*NEEDED["survey_mean"], "std_error", "sd", "reliability", "n"),
    "effect": (*NEEDED["effect"], "std_error", "sd", "reliability", "n", "ring"),
    "count": (*NEEDED["count"], "std_error", "n"),
    "share_log": (*NEEDED["share_log"], "clip", "posted"),
}
TEMPLATE = """\
kind,arm,group,ring,outcome,day,estimate,std_error,unit,sd,reliability,n,counted,clip,file,posted
survey_mean,outlet_clip,Black residents,,trust,0,41.0,1.2,points,,,480,,,,
survey_mean,outlet_clip,Black residents,,trust,30,41.6,1.2,points,,,455,,,,
effect,moment_unfilmed,All,present,trust,30,0.21,0.09,SD,,,120,,,,
count,nothing,Black residents,,,365,16800,160,,,,,stop,,,
share_log,outlet_clip,,,,,,,,,,,,,shares.csv,2026-05-01T18:00:00-05:00
"""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that was measured in the city.

    place: where it stands in the file. estimate, std_error: latent SD of the outcome for survey_mean and effect, occurrences up to `day`
    for count. shares, median_hours: of a share log. day: days since the scenario began.
    """

    kind: str
    place: str
    arm: str
    group: str = ""
    ring: str = CITY
    outcome: str = ""
    day: int = 0
    estimate: float = 0.0
    std_error: float = 0.0
    counted: str = ""
    clip: str = ""
    file: str = ""
    shares: int = 0
    median_hours: float = 0.0

    @property
    def key(self) -> tuple[object, ...]:
        """What it measures: two rows with the same are one too many."""
        return (self.kind, self.arm, self.group, self.ring, self.outcome, self.day, self.counted, self.clip, self.file)

    @property
    def series(self) -> tuple[str, str]:
        """Survey means of one group and outcome share an unknown level."""
        return (self.group, self.outcome)

    @property
    def label(self) -> str:
        """The target in words."""
        if self.kind == "count":
            return f"{self.counted} of {self.group}, {self.day} days, {self.arm}"
        if self.kind == "share_log":
            return f"shares in {self.file}, {self.arm}"
        ring = "" if self.ring == CITY else f" ({self.ring})"
        return f"{self.outcome} of {self.group}{ring}, day {self.day}, {self.arm}"


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of a file and what was mended while it was read."""

    targets: tuple[Target, ...]
    repairs: tuple[str, ...]
    name: str
    sha256: str
