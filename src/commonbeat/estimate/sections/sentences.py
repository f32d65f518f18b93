"""What weakens the answer and what would change it, in sentences that follow from the rows by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.estimate.analysis import Section
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.row import Estimate

ONE_MEASURE = "One measure stands for the whole outcome; how much of it is error is not known."


def weaknesses(design: Design, primary: Sequence[Estimate], sections: Sequence[Section]) -> tuple[str, ...]:
    """The warnings of the pre-declared estimates (those of the data are among them) and of who answered, and what the design leaves open."""
    found = [warning for row in primary for warning in row.warnings]
    if not design.scales and design.treatment is not None:
        found.append(ONE_MEASURE)
    attrition = [row for section in sections if section.key == "attrition" for row in section.rows]
    found += [warning for row in attrition if row.estimand.startswith("share who answered") for warning in row.warnings]
    return tuple(dict.fromkeys(_sentence(text) for text in found))


def would_change(sections: Sequence[Section]) -> tuple[str, ...]:
    """What it would take to undo the main estimate, one sentence for each way that was looked at."""
    rows = {
        row.estimand.partition(":")[0] + (" in SD" if ", in SD" in row.estimand else ""): row
        for section in sections
        for row in section.rows
        if section.key == "robustness"
    }
    found = [_unmeasured(rows), _unanswered(rows), _few_people(rows), _one_cluster(sections)]
    found += [sentence for section in sections for sentence in section.would_change]
    return tuple(sentence for sentence in found if sentence)


def _unmeasured(rows: Mapping[str, Estimate]) -> str:
    row = rows.get("E-value of the interval's nearer end")
    if row is None or row.estimate is None:
        return ""
    if row.estimate <= 1:
        return "The interval holds no effect as it is; nothing unmeasured is needed to explain the result (E-value 1)."
    return (
        f"Something unmeasured, tied to both treatment and outcome by a risk ratio of {row.estimate:.2f} each, could bring the interval "
        "to zero (E-value)."
    )


def _unanswered(rows: Mapping[str, Estimate]) -> str:
    row = rows.get("breakdown point in SD")
    if not row or not row.estimate:  # 0: the interval holds zero already, which the E-value's sentence says
        return ""
    return (
        f"The interval would touch zero if those who did not answer differed from those who did by {row.estimate:.2f} SD, in "
        "opposite directions in the two arms (breakdown point)."
    )


def _few_people(rows: Mapping[str, Estimate]) -> str:
    row = rows.get("people left out until the interval touches zero")
    if row is None or row.estimate is None:
        return ""
    if row.estimate == 0:
        return ""
    share = row.estimate / row.n
    return f"Without the {row.estimate:.0f} most influential of {row.n:,} people ({share:.1%}) the interval would touch zero."


def _one_cluster(sections: Sequence[Section]) -> str:
    rows = [
        row
        for section in sections
        if section.key == "robustness"
        for row in section.rows
        if ", without one " in row.estimand
    ]
    known = [row.estimate for row in rows if row.estimate is not None]
    if len(known) < 2:
        return ""
    column = rows[0].estimand.partition(", without one ")[2].partition(",")[0]
    return f"With one {column} left out, the estimate lies between {min(known):.3g} and {max(known):.3g}."


def _sentence(text: str) -> str:
    """The text with a capital first letter where it is a plain word, and a full stop."""
    stripped = text.strip()
    return stripped if stripped.endswith((".", "!", "?")) else f"{stripped}."
