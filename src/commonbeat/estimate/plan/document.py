"""The pre-analysis plan as a document: every question, every rule, and the frozen design, before the data are opened.

What is decided here cannot be chosen later by what it gives: which row is the primary one, which groups, what counts as small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.plan.frozen import code_hash, freeze, text_hash, whole_text
from commonbeat.estimate.plan.questions import questions

if TYPE_CHECKING:
    from commonbeat.claims import Claim
    from commonbeat.estimate.design import Design

SAVE = "Save these lines as they stand; the first one holds the hash of the rest."
UNPLANNED = (
    "Everything that this plan does not name is exploratory, and the report lists it under “Where the analysis left its plan”. "
    "What wrote this plan did not open the data. Whether somebody had seen them before, it cannot tell."
)


def plan_document(design: Design, *, written: str = "", data: str = "") -> str:
    """A pre-analysis plan in Markdown, ending with the frozen design.

    written: when, as the reader should see it. data: the name of the file that will hold the data; it is not opened for the plan.
    The design at the end, saved as a file of its own (`freeze`), is what `plan = "..."` in a later design points at.
    """
    parts = [
        f"# Pre-analysis plan: {design.title or 'a study'}",
        opening(design, written, data),
        *(f"## {heading}\n\n{bullets(lines)}" for heading, lines in (("The claim", claim(design)), *questions(design))),
        f"## What is not planned\n\n{UNPLANNED}",
        f"## The design, frozen\n\n{SAVE}\n\n```toml\n{freeze(design)}```",
    ]
    return "\n\n".join(parts) + "\n"


def opening(design: Design, written: str, data: str) -> str:
    """When, about which file, and the two hashes that a reader compares later."""
    when = f"Written {written}, before the data were opened." if written else "Written before the data were opened."
    file = f" The data will come as `{data}`." if data else ""
    hashes = f"Design: SHA-256 `{text_hash(whole_text(design))}`. Code that will estimate: SHA-256 `{code_hash()}`."
    return f"{when}{file}\n\n{hashes}"


def claim(design: Design) -> tuple[str, ...]:
    """What the study speaks to, and what would count for it and against it, whichever way it comes out."""
    level = f"{100 * (1 - design.level):g} %"
    held = find_claim(design)
    if held is None:
        return ("The design names no claim. Its estimates will move none.",)
    side = design.favourable or {"up": "higher", "down": "lower"}.get(held.direction)
    if side is None:
        favour = "Which values of the outcome favour the claim is not declared: estimates will be read neither way."
    else:
        other = "lower" if side == "higher" else "higher"
        favour = (
            f"For it: the primary estimate’s {level} interval lies wholly on the side of {side} values of {design.outcome[0]}. "
            f"Against it: wholly on the side of {other} values. An interval that holds zero is told as one that settles neither."
        )
    return (f"{held.id}, {held.title}. {held.text}", favour, f"The claim’s rule: {held.rule}")


def find_claim(design: Design) -> Claim | None:
    """The claim in the ledger that the design names."""
    from commonbeat.claims import load_claims

    return next((one for one in load_claims() if one.id == design.claim), None)


def bullets(lines: tuple[str, ...]) -> str:
    """A list in Markdown."""
    return "\n".join(f"* {line}" for line in lines)
