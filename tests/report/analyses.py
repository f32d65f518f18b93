"""Made-up analyses that the tests of the study's report read: an ordinary one, a bare one, and one that is far too long."""

from __future__ import annotations

from typing import Any

from commonbeat.estimate.analysis import Analysis, ArmAccount, Curve, DataAccount, Section
from commonbeat.estimate.design import make_design
from commonbeat.estimate.row import Estimate, student_estimate

METHOD = "difference in means, CR2, Satterthwaite"


def row(
    estimand: str, estimate: float, se: float = 0.1, *, n: int = 812, method: str = METHOD, df: float = 36.4
) -> Estimate:
    """A row as the estimators make it."""
    return student_estimate(estimand, estimate, se, df, n=n, clusters=40, method=method)


def design(**changes: Any):
    """The design of the made-up study."""
    keys = {
        "title": "Dancing in 40 yards",
        "outcome": ["trust", "cooperation"],
        "claim": "C5",
        "population": "Residents of 16 and over in 40 blocks of flats",
        "treatment": "arm",
        "control": "leaflet",
        "treated": ["dance"],
        "cluster": "yard",
        "by": "race",
        "baseline": "trust_before",
        "assignment": {"kind": "clustered"},
    }
    return make_design({key: value for key, value in {**keys, **changes}.items() if value is not None})


def arms(outcome: str = "trust", mean: float = 2.9, sd: float = 0.8) -> tuple[ArmAccount, ...]:
    """Both arms, control first."""
    return (
        ArmAccount("leaflet", outcome, 540, 401, 20, mean, sd),
        ArmAccount("dance", outcome, 552, 411, 20, mean + 0.25, sd),
    )


def event_study() -> Curve:
    """Effects by time from the start, with intervals."""
    x = tuple(float(step) for step in range(-4, 6))
    effect = (0.01, -0.02, 0.03, 0.0, 0.11, 0.2, 0.22, 0.19, 0.24, None)
    low = tuple(None if value is None else value - 0.09 for value in effect)
    high = tuple(None if value is None else value + 0.09 for value in effect)
    return Curve(
        "event_study",
        "Effect by month from the start",
        "months from the start",
        "trust",
        x,
        effect,
        low,
        high,
        reference=-0.5,
    )


def weekly() -> Curve:
    """A series with a gap, beside what was expected."""
    x = tuple(float(week) for week in range(1, 105))
    expected = tuple(40 + 0.05 * week + 3 * ((week % 13) / 13) for week in x)
    observed = tuple(
        None if week == 30 else value + (-6 if week > 60 else 0) + ((week * 7) % 5 - 2)
        for week, value in zip(x, expected, strict=True)
    )
    return Curve("calls", "Calls a week", "week", "calls", x, observed=observed, expected=expected, reference=61.0)


def analysis(effect: float = 0.27, **changes: Any) -> Analysis:
    """An ordinary analysis: two outcomes, three groups of which one is too small, three methods, two curves."""
    primary = (
        row("intention to treat: trust", effect, 0.085),
        row("intention to treat: cooperation", 0.04, 0.06).with_warnings(
            "Only 40 clusters: the interval may be a little short."
        ),
    )
    groups = (
        row("intention to treat: trust, race = Black", effect + 0.1, 0.15, n=204),
        row("intention to treat: trust, race = White", effect - 0.05, 0.11, n=587),
        Estimate(
            "intention to treat: trust, race = Asian",
            None,
            None,
            None,
            None,
            None,
            None,
            6,
            None,
            METHOD,
            ("Fewer than ten respondents: not shown.",),
        ),
    )
    sections = (
        Section(
            "itt",
            "Intention to treat",
            "What did assignment change?",
            (
                *primary,
                row("intention to treat: trust", effect - 0.02, method="Lin-adjusted regression, CR2, Satterthwaite"),
            ),
            ("Adjusted for 1 covariate.",),
        ),
        Section("groups", "By group", "Did it differ between groups?", groups),
        Section(
            "randomisation",
            "Randomisation inference",
            "How often would luck alone give this?",
            (
                Estimate(
                    "intention to treat: trust",
                    effect,
                    None,
                    None,
                    0.08,
                    0.45,
                    0.0005,
                    812,
                    40,
                    "randomisation inference, 2,000 draws",
                ),
            ),
        ),
        Section("time", "Over time", "When did it begin?", (), ("Months are of 30 days.",), (event_study(), weekly())),
    )
    keys: dict[str, Any] = {
        "design": design(),
        "data": DataAccount(
            "yards.csv", "9f2c" * 16, 1092, 812, (("no answer on trust", 280),), ("1 column was read as text.",)
        ),
        "arms": (*arms(), *arms("cooperation", 3.4, 1.1)),
        "primary": primary,
        "sections": sections,
        "by_group": groups,
        "weaknesses": (
            "26 % did not answer; 25 % in one arm and 26 % in the other.",
            "The arms could not be blinded: people knew whether police had danced in their yard.",
            "Trust is self-reported, 14 days later; nothing here says what is left after 90 days.",
        ),
        "would_change": (
            "An unmeasured cause would have to multiply both the chance of treatment and of high trust by 1.9 to explain the estimate (E-value).",
            "If those who did not answer in the dance arm trusted 0.9 SD less than those who did, nothing would be left (breakdown point).",
        ),
        "departures": ("by: not in the plan; the analysis has race.",),
        "versions": {"commonbeat": "0.1.0", "numpy": "2.2.1", "Python": "3.11.2"},
        "design_text": 'outcome = ["trust", "cooperation"]\nclaim = "C5"\n',
    }
    return Analysis(**{**keys, **changes})


def bare() -> Analysis:
    """An analysis with next to nothing in it."""
    keys = {"outcome": ["y"], "treatment": "z"}
    only = row("intention to treat: y", 0.001, 0.2)
    return Analysis(
        make_design(keys),
        DataAccount("a, b 2.csv", "0" * 64, 20, 20),
        (),
        (only,),
        (Section("itt", "Intention to treat", "What?", (only,)),),
    )


def endless() -> Analysis:
    """An analysis with more of everything than two pages hold."""
    outcomes = [f"an outcome with a rather long name, number {place}" for place in range(14)]
    rows = tuple(row(f"intention to treat: {name}", 0.01 * place) for place, name in enumerate(outcomes))
    groups = tuple(
        row(f"intention to treat: {outcomes[0]}, place of birth = somewhere far away {place}", 0.3)
        for place in range(30)
    )
    sentence = "This sentence on a weakness of the design is quite long, as sentences on 1 or 2 weaknesses of designs tend to be in practice. "
    many = tuple(f"{place}. {sentence * (1 + place % 4)}" for place in range(25))
    sections = tuple(Section(f"s{place}", f"Method {place}", "What?", rows) for place in range(25))
    return analysis(
        design=design(
            title="A title without end " * 20, outcome=outcomes, population="People of very many kinds and places " * 6
        ),
        primary=rows,
        by_group=groups,
        arms=tuple(arm for name in outcomes for arm in arms(name)),
        sections=sections,
        weaknesses=many,
        would_change=many,
        departures=many,
        data=DataAccount(
            "x.csv", "ab" * 32, 10_000, 9_000, tuple((f"reason number {place}", place) for place in range(12)), many
        ),
        versions={f"library {place}": "1.2.3" for place in range(15)},
    )


def crowded() -> Analysis:
    """An analysis that fills both pages: warnings of their own, and a different row of long words for every method."""
    found = endless()
    method = "a method with a name that takes more than a single line of a table, CR2, Satterthwaite, and then some"
    sections = tuple(
        Section(
            f"s{place}",
            f"Method {place}",
            "What?",
            (row(f"an estimand of method {place}: {found.design.outcome[0]}, and more", 0.3, method=method),),
            (),
            (event_study(),),
        )
        for place in range(20)
    )
    warned = tuple(
        each.with_warnings(
            f"{place}. Another warning, of a length as warnings have it when they explain what they mean."
        )
        for place, each in enumerate(found.primary)
    )
    return analysis(
        design=found.design,
        primary=warned,
        by_group=found.by_group,
        arms=found.arms,
        sections=sections,
        weaknesses=found.weaknesses,
        would_change=found.would_change,
        departures=found.departures,
        data=found.data,
        versions=found.versions,
    )


def middling() -> Analysis:
    """An analysis at the edge of what larger letters leave room for: seven rows, two pictures, four methods."""
    groups = tuple(
        row(f"intention to treat: trust, place = district number {place}", 0.1 * place) for place in range(4)
    )
    methods = tuple(
        Section(f"m{place}", "More", "What?", (row(f"another row {place}: trust", 0.2),)) for place in range(6)
    )
    found = analysis()
    return analysis(by_group=groups, sections=(*found.sections, *methods), weaknesses=found.weaknesses * 2)
