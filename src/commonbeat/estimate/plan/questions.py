"""What a plan says that will be asked, section by section, in the words of the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.trial import SMALLEST_CELL

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design

Section = tuple[str, tuple[str, ...]]


def questions(design: Design) -> tuple[Section, ...]:
    """Every section of the plan that the design has something to say in."""
    found = (
        ("Who and what", who_and_what(design)),
        ("Outcomes", outcomes(design)),
        ("The primary estimate", primary(design)),
        ("What else will be asked", secondary(design)),
        ("Missing answers and odd data", missing(design)),
        ("Intervals and tests", intervals(design)),
    )
    return tuple((heading, lines) for heading, lines in found if lines)


def who_and_what(design: Design) -> tuple[str, ...]:
    """People, arms, and how the arms were drawn."""
    lines = [f"People: {design.population}." if design.population else "The design does not say who was asked."]
    if design.treatment is not None:
        control = "0" if design.control is None else str(design.control)
        treated = listed(tuple(map(str, design.treated))) if design.treated else "the other value"
        lines.append(f"Arms: column `{design.treatment}`; control is {control}, compared with {treated}.")
        drawn = "not declared: without it the comparison is of people, not of chance"
        if design.assignment is not None:
            drawn = f"{design.assignment.kind}; redrawn {design.assignment.permutations:,} times for randomisation inference"
        lines.append(f"How the arms were drawn: {drawn}.")
    for role, column in (("Clusters", design.cluster), ("Blocks", design.block), ("Weights", design.weight)):
        if column is not None:
            lines.append(f"{role}: column `{column}`.")
    if design.raking is not None:
        trimmed = f"kept between {design.raking.smallest:g} and {design.raking.largest:g} times their mean"
        lines.append(f"Weights are raked to the population’s {listed(tuple(design.raking.margins))}, {trimmed}.")
    return tuple(lines)


def outcomes(design: Design) -> tuple[str, ...]:
    """The main outcome, the others, and how scales are built."""
    main, *rest = design.outcome
    lines = [f"The main outcome is `{main}`."]
    if rest:
        lines.append(f"Further outcomes, in this order: {listed(tuple(rest))}. They are told as further ones.")
    for name, scale in design.scales.items():
        turned = f"; turned round: {listed(scale.reverse)}" if scale.reverse else ""
        whose = {
            "control": "set to mean 0 and SD 1 of the control arm",
            "everybody": "set to mean 0 and SD 1",
            "none": "as answered",
        }
        least = f"a score needs {100 * scale.at_least:g} % of them answered"
        lines.append(
            f"`{name}` is the mean of {listed(scale.items)}{turned}; items {whose[scale.standardise]}; {least}."
        )
    return tuple(lines)


def primary(design: Design) -> tuple[str, ...]:
    """Which row will be the answer, fixed by the design alone."""
    if design.treatment is None:
        return tuple(line for line in (panel(design), before_after(design), rollout(design), series(design)) if line)
    errors = "CR2 standard errors" if design.cluster else "HC2 standard errors"
    adjusted = (*design.covariates, *((design.baseline,) if design.baseline else ()))
    lines = ["Intention to treat: everybody is compared in the arm that they were assigned to."]
    if adjusted:
        lines.append(
            f"Primary: regression on treatment, centred {listed(adjusted)}, and their products with treatment."
        )
        lines.append("The difference in means without adjustment stands beside it.")
    else:
        step = design.assignment.step if design.assignment else None
        blocks = ", within periods" if step else ", within blocks and weighted by their size" if design.block else ""
        lines.append(f"Primary: the difference in means{blocks}.")
    lines.append(f"{errors}, Student’s t with Satterthwaite degrees of freedom.")
    return tuple(lines)


def panel(design: Design) -> str:
    """Repeated measures, where declared."""
    if design.panel is None:
        return ""
    return (
        f"Within persons (`{design.panel.person}`, waves `{design.panel.time}`), the change that goes with `{design.panel.exposure}`; "
        "the comparison across persons stands beside it and answers another question."
    )


def before_after(design: Design) -> str:
    """Two groups before and after, where declared."""
    if design.before_after is None:
        return ""
    return (
        f"Difference in differences of `{design.before_after.group}` and `{design.before_after.after}`, assuming that both groups would have "
        "moved in parallel."
    )


def rollout(design: Design) -> str:
    """A staggered start, where declared."""
    if design.rollout is None:
        return ""
    return (
        f"Group-time effects of the start in `{design.rollout.first_treated}` by `{design.rollout.unit}` and `{design.rollout.time}`, "
        f"against places {design.rollout.control}, base {design.rollout.base}; their overall mean is primary."
    )


def series(design: Design) -> str:
    """A series around an event, where declared."""
    if design.series is None:
        return ""
    season = f", a yearly wave of {design.series.season_periods} periods" if design.series.season_periods else ""
    other = " Synthetic control from the other places, with placebos." if design.series.unit else ""
    return (
        f"Interrupted series from {design.series.start} on: change of level and of slope{season}, placebo starts, and each period left "
        f"out in turn.{other}"
    )


def secondary(design: Design) -> tuple[str, ...]:
    """Everything declared beside the primary estimate."""
    from commonbeat.estimate.sections.direction import direction_of

    lines = []
    if design.complied is not None:
        lines.append(
            f"Effect among those who take part because assigned: `{design.complied}`, by two-stage least squares."
        )
    if design.by is not None:
        lines.append(
            f"By `{design.by}`, worst-off first; p values of groups also adjusted by Holm. Groups differ only if tested so."
        )
    if design.equivalence is not None:
        margin = f"{design.equivalence.margin:g} {'SD' if design.equivalence.unit == 'SD' else 'of the outcome’s unit'}"
        better = (
            ""
            if design.equivalence.question == "equivalent"
            else f"; {direction_of(design).favourable} values are better"
        )
        lines.append(f"Whether the effect is {design.equivalence.question}, margin {margin}{better}.")
    if design.interference is not None:
        lines.append("Exposure of controls through ties, redrawn from the declared assignment.")
    if design.mediation is not None:
        lines.append(f"The path through `{design.mediation.mediator}`, with its sensitivity to what is not measured.")
    return tuple(lines)


def missing(design: Design) -> tuple[str, ...]:
    """What is done about those who did not answer."""
    lines = []
    if design.missing:
        lines.append(f"No answer is written as {listed(tuple(map(str, design.missing)))}.")
    if design.treatment is not None:
        predictors = design.attrition.predictors if design.attrition else ()
        weights = (
            f"Inverse-probability weights from {listed(predictors or design.covariates)}."
            if predictors or design.covariates
            else ""
        )
        lines.append(f"Answers are counted by arm; bounds for those who did not answer (Lee). {weights}".strip())
    lines.append(f"Groups of fewer than {SMALLEST_CELL} respondents are not shown.")
    return tuple(lines)


def intervals(design: Design) -> tuple[str, ...]:
    """The level, the seed, and how many outcomes are told."""
    lines = [f"Intervals hold {100 * (1 - design.level):g} %; tests are two-sided. Luck starts at seed {design.seed}."]
    if len(design.outcome) > 1 or len(design.treated) > 1:
        lines.append("Several outcomes or arms: step-down adjusted p values (Romano-Wolf) stand beside the plain ones.")
    return tuple(lines)


def listed(names: tuple[str, ...]) -> str:
    """Names in a row, as columns are written."""
    return ", ".join(f"`{name}`" for name in names)
