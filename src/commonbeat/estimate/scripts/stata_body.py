"""What a Stata script does, line by line, for each shape of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.scripts.stata_words import stata_days, stata_text, stata_title
from commonbeat.estimate.series.shape import SHORT_YEAR

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from commonbeat.estimate.design import Design, Scale

Names = dict[str, str]
HEADING = "* ---- The analysis {}".format("-" * 83)


def body(design: Design, names: Names, dates: dict[str, str]) -> str:
    """The lines that estimate, for the shape that the design has. dates: the format in which a column writes its dates."""
    if design.panel is not None:
        lines = panel(design, names)
    elif design.before_after is not None:
        lines = before_after(design, names)
    elif design.rollout is not None:
        lines = rollout(design, names)
    elif design.series is not None:
        lines = series(design, names, dates)
    else:
        lines = trial(design, names)
    return "\n".join([HEADING, "", *lines, ""])


def trial(design: Design, names: Names) -> Iterator[str]:
    """Arms, outcomes and controls, then every comparison."""
    yield from arms(design, names)
    yield from known_before(design, names)
    options = yield from roles(design, names)
    for number, outcome in enumerate(design.outcome, start=1):
        yield from outcome_lines(design, names, outcome, f"outcome_{number}")
        for arm, value in enumerate(design.treated or ("the other value",), start=1):
            yield from comparison(design, outcome, (f"outcome_{number}", f"treated_{arm}"), value, options)


def arms(design: Design, names: Names) -> Iterator[str]:
    """A column for each comparison: 1 treated, 0 control, missing elsewhere."""
    column = names[design.treatment or ""]
    yield f"is_value in_control {column} {stata_text(0 if design.control is None else design.control)}"
    if not design.treated:
        yield f"generate byte treated_1 = 1 - in_control if !missing({column})"
    for number, value in enumerate(design.treated, start=1):
        yield f"is_value in_arm_{number} {column} {stata_text(value)}"
        yield f"generate byte treated_{number} = in_arm_{number} if in_arm_{number} | in_control"
    yield ""


def known_before(design: Design, names: Names) -> Iterator[str]:
    """The controls, complete."""
    held = ([design.baseline] if design.baseline else []) + list(design.covariates)
    if not held:
        return
    for number, column in enumerate(held, start=1):
        yield f"known_before known_{number} {names[column]}"
    yield "unab known : known_*"
    yield ""


def roles(design: Design, names: Names) -> Generator[str, None, str]:
    """Lines for clusters, blocks and weights; returns the options that hand them to the programs."""
    options = []
    step = design.assignment.step if design.assignment else None
    for role, column in (("cluster", design.cluster), ("block", step or design.block)):
        if column is not None:
            yield f"egen long {role}_code = group({names[column]})"
            options.append(f"{role}({role}_code)")
    if design.raking is not None:
        yield "* The weights are raked to the population's margins. Stata has no raking of its own: with the community package ipfraking, or with"
        yield "* svycal rake, make them for those who answered the main outcome, within the design's bounds, and name them raked_weight."
        yield f"* Margins: {margins(design)}."
        yield "confirm variable raked_weight"
        options.append("weight(raked_weight)")
    elif design.weight is not None:
        yield f"as_number person_weight {names[design.weight]}"
        options.append("weight(person_weight)")
    if design.by is not None:
        yield f"egen long group_code = group({names[design.by]}), label"
    if design.complied is not None:
        yield f"as_number received {names[design.complied]}"
    yield ""
    return " ".join(options)


def margins(design: Design) -> str:
    """The population's margins in words."""
    held = design.raking.margins if design.raking else {}
    return "; ".join(
        f"{column} " + ", ".join(f"{category} {share:g}" for category, share in shares.items())
        for column, shares in held.items()
    )


def outcome_lines(design: Design, names: Names, outcome: str, variable: str) -> Iterator[str]:
    """The outcome as a number: a column, or a scale built from items."""
    if outcome not in design.scales:
        yield f"as_number {variable} {names[outcome]}"
        return
    yield from scale_lines(design.scales[outcome], [names[item] for item in design.scales[outcome].items], variable)


def scale_lines(scale: Scale, items: list[str], variable: str) -> Iterator[str]:
    """The mean of the items answered, each with more meaning more, in SDs where the scale says so."""
    among = {"control": " if in_control", "everybody": "", "none": ""}[scale.standardise]
    for number, (name, item) in enumerate(zip(scale.items, items, strict=True), start=1):
        made = f"{variable}_item_{number}"
        yield f"as_number {made} {item}"
        if name in scale.reverse and scale.standardise == "none":
            yield f"replace {made} = {scale.minimum or 0:g} + {scale.maximum or 0:g} - {made}"
        elif name in scale.reverse:
            yield f"replace {made} = -{made}"
        if scale.standardise != "none":
            yield f"summarize {made}{among}"
            yield f"replace {made} = ({made} - r(mean)) / r(sd)"
    yield f"egen double {variable} = rowmean({variable}_item_*)"
    yield f"egen byte {variable}_answered = rownonmiss({variable}_item_*)"
    yield f"replace {variable} = . if {variable}_answered < {scale.at_least:g} * {len(items)} - 1e-9"


def comparison(design: Design, outcome: str, variables: tuple[str, str], value: object, options: str) -> Iterator[str]:
    """The adjusted difference first where anything was known before, then the plain one; compliers; groups."""
    adjusted = bool(design.covariates or design.baseline)
    pair = " ".join(variables)
    against = f", {value} against {design.control}" if len(design.treated) > 1 else ""
    title = stata_title(f"intention to treat: {outcome}{against}")
    if adjusted:
        yield f"effect {pair}, title({title}; adjusted) controls(`known') {options}".rstrip()
    yield f"effect {pair}, title({title}; difference in means) {options}".rstrip()
    if design.complied is not None:
        controls = "controls(`known') " if adjusted else ""
        yield f"complier {pair} received, title({stata_title(f'complier effect: {outcome}{against}')}) {controls}{options}".rstrip()
    if design.by is not None:
        yield from groups(design, title, pair, "controls(`known') " if adjusted else "", options)
    yield ""


def groups(design: Design, title: str, pair: str, controls: str, options: str) -> Iterator[str]:
    """The same within each group; groups of fewer than ten answers in an arm are not shown."""
    outcome, treated = pair.split()
    yield "quietly levelsof group_code, local(group_codes)"
    yield "foreach group of local group_codes {"
    for arm in (0, 1):
        yield f"    quietly count if group_code == `group' & {treated} == {arm} & !missing({outcome})"
        yield f"    local answered_{arm} = r(N)"
    yield "    if min(`answered_0', `answered_1') >= 10 {"
    yield "        local group_name : label (group_code) `group'"
    yield f"        effect {pair}, title({title}, {stata_title(design.by or '')} = `group_name') only(`group') {controls}{options}".rstrip()
    yield "    }"
    yield "}"


def panel(design: Design, names: Names) -> Iterator[str]:
    """Within and across people; the errors of both are clustered, by people or by what they belong to."""
    assert design.panel is not None  # noqa: S101 - the caller looked
    person, time, exposure = (
        names[column] for column in (design.panel.person, design.panel.time, design.panel.exposure)
    )
    yield f"egen long person_code = group({person})"
    yield f"egen long wave_code = group({time})"
    yield f"as_number exposed {exposure}"
    yield f"egen long cluster_code = group({names[design.cluster] if design.cluster else person})"
    if design.weight is not None:
        yield "* xtreg takes weights that are the same in all waves of a person; they are left out here."
    yield "xtset person_code wave_code"
    for number, outcome in enumerate(design.outcome, start=1):
        yield from outcome_lines(design, names, outcome, f"outcome_{number}")
        yield f"display _newline as text {stata_text(f'within person: {outcome}')}"
        yield f"xtreg outcome_{number} exposed i.wave_code, fe vce(hc2 cluster_code, dfadjust)"
        yield f"display _newline as text {stata_text(f'across people: {outcome} (not an effect)')}"
        yield f"regress outcome_{number} exposed i.wave_code, vce(hc2 cluster_code, dfadjust)"


def before_after(design: Design, names: Names) -> Iterator[str]:
    """The difference in differences: the product of group and after."""
    assert design.before_after is not None  # noqa: S101 - the caller looked
    yield f"as_number in_group {names[design.before_after.group]}"
    yield f"as_number is_after {names[design.before_after.after]}"
    yield "generate double both = in_group * is_after"
    belongs = design.cluster or design.before_after.unit
    errors = "vce(hc2, dfadjust)"
    if belongs is not None:
        yield f"egen long cluster_code = group({names[belongs]})"
        errors = "vce(hc2 cluster_code, dfadjust)"
    weight = ""
    if design.weight is not None:
        yield "* With weights: ordinary clustered or robust errors, a little too small with few clusters."
        weight, errors = (
            f" [pweight = {names[design.weight]}]",
            "vce(cluster cluster_code)" if belongs else "vce(robust)",
        )
    for number, outcome in enumerate(design.outcome, start=1):
        yield from outcome_lines(design, names, outcome, f"outcome_{number}")
        yield f"display _newline as text {stata_text(f'difference in differences: {outcome} (the row of both)')}"
        yield f"regress outcome_{number} in_group is_after both{weight}, {errors}"


def rollout(design: Design, names: Names) -> Iterator[str]:
    """Callaway and Sant'Anna's estimator, which came to Stata as the community command csdid."""
    assert design.rollout is not None  # noqa: S101 - the caller looked
    yield "* Needs csdid and drdid: ssc install csdid, ssc install drdid."
    yield f"egen long unit_code = group({names[design.rollout.unit]})"
    yield f"as_number first_treated_period {names[design.rollout.first_treated]}"
    yield "replace first_treated_period = 0 if missing(first_treated_period)"
    options = ["ivar(unit_code)", f"time({names[design.rollout.time]})", "gvar(first_treated_period)", "method(reg)"]
    options += ["notyet"] if design.rollout.control == "not yet treated" else []
    options += ["long2"] if design.rollout.base == "universal" else []
    if design.cluster is not None:
        yield f"egen long cluster_code = group({names[design.cluster]})"
        options.append("cluster(cluster_code)")
    weight = f" [iweight = {names[design.weight]}]" if design.weight else ""
    for number, outcome in enumerate(design.outcome, start=1):
        yield from outcome_lines(design, names, outcome, f"outcome_{number}")
        yield f"csdid outcome_{number}{weight}, {' '.join(options)}"
        yield from (f"estat {kind}" for kind in ("simple", "group", "event", "calendar"))


def series(design: Design, names: Names, dates: dict[str, str]) -> Iterator[str]:
    """Step and bend at the event: Newey-West, and autoregressive errors by Prais and Winsten."""
    assert design.series is not None  # noqa: S101 - the caller looked
    shape = design.series
    yield "* Common Beat estimates the errors' correlation by restricted likelihood; Stata's prais estimates it otherwise, so expect other last digits,"
    yield "* and shorter intervals in short series. Newey-West intervals are too short for a step in a series."
    if shape.unit is not None:
        yield f"is_value in_place {names[shape.unit]} {stata_text(shape.treated_unit)}"
        yield "keep if in_place"
    yield from periods(names[shape.time], shape.start, stata_days(dates.get(shape.time)))
    yield "sort period_value"
    yield "generate long period_number = _n - 1"
    yield "tsset period_number"
    yield "quietly count if period_value < period_start"
    yield "scalar first_after = r(N)"
    yield "generate byte step = period_number >= first_after"
    yield "generate double bend = step * (period_number - first_after)"
    yield 'local waves ""'
    if shape.season_periods is not None:
        yield f"if _N >= {shape.season_periods} {{"
        for wave in range(1, 1 + (shape.season_periods // 2 if shape.season_periods <= SHORT_YEAR else 2)):
            if 2 * wave != shape.season_periods:  # half a year's sine is 0 in every period
                yield f"    generate double sine_{wave} = sin(2 * c(pi) * {wave} * period_number / {shape.season_periods})"
            yield f"    generate double cosine_{wave} = cos(2 * c(pi) * {wave} * period_number / {shape.season_periods})"
        yield '    local waves "sine_* cosine_*"'
        yield "}"
    lags = str(shape.lags) if shape.lags is not None else "`=floor(4 * (_N / 100)^(2 / 9))'"
    for number, outcome in enumerate(design.outcome, start=1):
        yield from outcome_lines(design, names, outcome, f"outcome_{number}")
        if shape.population is not None:
            yield f"replace outcome_{number} = 1000 * outcome_{number} / {names[shape.population]}"
        yield f"prais outcome_{number} period_number step bend `waves', rhotype(regress)"
        yield f"newey outcome_{number} period_number step bend `waves', lag({lags})"


def periods(column: str, start: str | int, order: str) -> Iterator[str]:
    """The periods as numbers: dates in this order, or whole numbers; the start as the column writes it, or as 2024-05-31."""
    yield f"capture confirm string variable {column}"
    yield "if !_rc {"
    yield f'    generate double period_value = date({column}, "{order}")'
    yield f'    scalar period_start = date("{start}", "{"YMD" if str(start)[:4].isdecimal() else order}")'
    yield "}"
    yield "else {"
    yield f"    generate double period_value = {column}"
    yield f'    scalar period_start = cond(real("{start}") < ., real("{start}"), date("{start}", "YMD"))'
    yield "}"
