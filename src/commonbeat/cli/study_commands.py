"""The commands for studies: what a design can see, what changed, and what several studies say together."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Flag = Parameter(negative="", show_default=False)
LISTS = ("outcome", "covariates", "treated", "missing")


def register(app: App, evidence: App) -> None:
    """The commands stand in the two command lines."""
    app.command(estimate)
    app.command(power)
    evidence.command(pool)


def estimate(
    data: Path,
    /,
    *,
    outcome: str | None = None,
    treatment: str | None = None,
    control: str | None = None,
    treated: str | None = None,
    cluster: str | None = None,
    block: str | None = None,
    weight: str | None = None,
    covariates: str | None = None,
    complied: str | None = None,
    baseline: str | None = None,
    by: str | None = None,
    assignment: Literal["complete", "blocked", "clustered", "blocked clustered"] | None = None,
    person: str | None = None,
    missing: str | None = None,
    claim: str | None = None,
    title: str | None = None,
    population: str | None = None,
    level: float | None = None,
    seed: int | None = None,
    design: Path | None = None,
    sheet: str | None = None,
    project: Path | None = None,
    out: Path | None = None,
    code: Literal["r", "stata"] | None = None,
    plan: Annotated[bool, Flag] = False,
    every: Annotated[bool, Parameter(name="--all", negative="", show_default=False)] = False,
    as_json: Json = False,
) -> None:
    """Estimate what changed, for whom and how sure, from the data of a study.

    Args:
        data: CSV, Parquet, Stata .dta, SPSS .sav, .xlsx, or an export of Qualtrics or REDCap.
        outcome: What may have changed: a column, or several with commas between them. The first is the main one.
        treatment: The column of what people were assigned to.
        control: The value of treatment in the control arm. Needed when it is not 0 and 1.
        treated: The values to compare with control, with commas between them. Left out: the only other value.
        cluster: The column of what was assigned as a whole, such as households or streets.
        block: The column within which the assignment was drawn.
        weight: The column of survey weights.
        covariates: Columns measured before treatment, with commas between them.
        complied: The column that says whether the treatment was received.
        baseline: The column of the outcome before treatment.
        by: The column of the groups that were declared beforehand.
        assignment: How the arms were drawn. Without it a finding is shown beside its claim and not counted.
        person: The column that says who it is.
        missing: Values that mean no answer, with commas between them, such as -99.
        claim: The claim that the study speaks to, such as C5. The estimate is then saved as a finding of the project.
        title: The study's name. Findings of one study count once.
        population: Who was asked, in words.
        level: One minus the coverage of the intervals. Left out: 0.05.
        seed: Where the luck of drawing again starts. Left out: 1.
        design: A TOML file with the design. Options stand in place of its keys.
        sheet: The sheet of a workbook. Left out: the first that holds anything.
        project: The folder in which findings are kept. Left out: the current one.
        out: A folder for the report; it must not exist.
        code: Print the analysis as a script of this language, or leave it in the folder of --out.
        plan: Write the pre-analysis plan and leave the data closed.
        every: Print the rows of every method, not only the answer and for whom.
        as_json: Print the estimates as one JSON list and nothing else.
    """
    from commonbeat.cli.output import print_lines
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_estimate import show_estimated
    from commonbeat.workflows import estimate as work

    given: dict[str, Any] = {
        key: value
        for key, value in locals().items()
        if key not in ("data", "design", "sheet", "project", "out", "code", "plan", "every", "as_json", "work")
    }
    options = _options({key: value for key, value in given.items() if isinstance(value, str | int | float)})
    if assignment is not None:
        options["assignment"] = {"kind": assignment}
    _refuse_pairs({"--plan": plan, "--code": code is not None and out is None, "--json": as_json})
    if plan:
        text, written = work.write_plan(data, design=design, options=options, out=out)
        print_lines([str(path) for path in written] or [text])
        return
    if code is not None and out is None:
        print_lines([work.write_script(data, code, design=design, options=options, sheet=sheet)])
        return
    with narrated(farewell="stopping; nothing was written") as narrator:
        estimated = work.estimate_effects(
            data,
            design=design,
            options=options,
            out=out,
            project=project or ".",
            sheet=sheet,
            languages=() if code is None else (code,),
            narrator=narrator,
        )
    show_estimated(estimated, every=every, as_json=as_json)


def _refuse_pairs(given: dict[str, bool]) -> None:
    """One of these at most was given: each wants standard output for itself."""
    from commonbeat.errors import InputError, Mistake

    named = [name for name, stands in given.items() if stands]
    if len(named) > 1:
        way_out = "Keep one; --code may also go to a folder with --out."
        raise InputError(
            "That does not go together:", [Mistake(" and ".join(named), None, "each print something else", way_out)]
        )


def power(design: Path, /, *, out: Path | None = None, as_json: Json = False) -> None:
    """Say before the money is spent what a study can see: power, and the smallest effect that it would detect.

    Args:
        design: A TOML file with the design, or the name of a shipped one.
        out: A folder for the report; it must not exist.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_power import show_power
    from commonbeat.workflows.power import plan_power

    with narrated("steps") as narrator:
        result = plan_power(design, out=out, narrator=narrator)
    show_power(result, as_json=as_json)


def pool(
    *,
    cards: str | None = None,
    data: Path | None = None,
    effect: str | None = None,
    std_error: Annotated[str | None, Parameter(name="--se")] = None,
    group: str | None = None,
    study: str | None = None,
    label: str | None = None,
    moderator: str | None = None,
    claim: str | None = None,
    out: Path | None = None,
    as_json: Json = False,
) -> None:
    """Pool several findings: what they say together, how far they differ, and whether small studies say more.

    Args:
        cards: Cards of the evidence, with commas between them, such as E020,E021.
        data: A file with one finding in each row.
        effect: The column of the effects in the file. Left out: d.
        std_error: The column of their standard errors. Left out: se.
        group: A column of groups to be pooled one by one.
        study: The column that says which study an effect is from. Effects of one study count once.
        label: The column with words for tables and pictures.
        moderator: A column of numbers that effects may go with.
        claim: The claim that the effects bear on. Left out: those of the cards.
        out: A folder for the report and its pictures; it must not exist.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_pool import show_pool
    from commonbeat.workflows.pool import pool as pool_findings

    columns = {"effect": effect, "std_error": std_error, "group": group, "study": study}
    if data is not None:
        columns |= {"effect": effect or "d", "std_error": std_error or "se"}
    result = pool_findings(cards or "", data, **columns, label=label, moderator=moderator, claim=claim, out=out)
    show_pool(result, as_json=as_json)


def _options(given: dict[str, Any]) -> dict[str, Any]:
    """The options as keys of a design; what may be a list is one where commas part it."""
    return {
        key: [part.strip() for part in str(value).split(",") if part.strip()] if key in LISTS else value
        for key, value in given.items()
    }
