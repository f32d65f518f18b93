"""The form of a study's design over the columns of a file, and the design that it means."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import DesignError, Mistake
from commonbeat.web.filling.field import Field
from commonbeat.web.filling.parts import by_place
from commonbeat.web.filling.toml_text import wrong_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.web.estimate.columns import Column
    from commonbeat.web.filling.field import Choices
    from commonbeat.web.filling.sent import Sent

ONE_COLUMN: Final = (
    ("treatment", "What people were assigned to", "The column that says who was in which arm."),
    ("baseline", "The outcome before", "Measured before treatment; it makes the answer sharper."),
    ("cluster", "Assigned as a whole", "Household, street, school: whatever came to an arm together."),
    ("block", "Drawn within", "The strata within which the arms were drawn."),
    ("weight", "Survey weights", ""),
    ("by", "Groups, declared beforehand", "The answer is then also told for each group, the worst-off first."),
    ("complied", "Whether they received it", "Where some who were assigned to it did not get it."),
    ("person", "Who it is", "A column of identifiers, where somebody could stand there twice."),
)
TEXTS: Final = (
    ("control", "The control arm's value", "Needed where the arms are not 0 and 1."),
    ("treated", "The values to compare with it", "With commas between them; left out, the only other value."),
    ("covariates", "Other columns measured before", "With commas between them."),
    ("missing", "Values that mean no answer", "With commas between them, such as -99."),
    ("title", "Name of the study", "Findings of one study count once."),
    ("population", "Who was asked, in words", ""),
)
LISTS: Final = ("treated", "covariates", "missing")
DRAWN: Final = (
    ("", "not said: then the finding is shown and not counted"),
    ("complete", "people at large"),
    ("blocked", "people within strata"),
    ("clustered", "whole clusters"),
    ("blocked clustered", "whole clusters within strata"),
)
SIDES: Final = (("", "as the claim says"), ("higher", "higher values favour it"), ("lower", "lower values favour it"))
FILES: Final = ("plan", "interference")
HEADING: Final = "The design cannot be used:"


def design_of(sent: Sent) -> dict[str, Any]:
    """The keys of the design that was filled in. Raises DesignError for TOML that cannot be read, and for keys that name other files."""
    raw = _more(sent.text("more"))
    outcome = [sent.text("outcome"), *_parted(sent.text("outcomes"))]
    raw |= {"outcome": [each for each in outcome if each]} if any(outcome) else {}
    for name in (each[0] for each in (*ONE_COLUMN, *TEXTS)):
        text = sent.text(name)
        if text:
            raw[name] = _parted(text) if name in LISTS else text
    if sent.text("assignment"):
        raw["assignment"] = {"kind": sent.text("assignment")}
    raw |= {name: sent.text(name) for name in ("claim", "favourable") if sent.text(name)}
    return raw


def fields_for(columns: Iterable[Column], sent: Sent, mistakes: Iterable[Mistake]) -> dict[str, tuple[Field, ...]]:
    """The questions in three groups: main, more and claim."""
    from commonbeat.claims import load_claims

    wrong = by_place(_nearer(mistakes))
    columns = tuple(columns)
    names: Choices = tuple((each.name, _told(each)) for each in columns)

    def one(place: str, label: str, hint: str, choices: Choices, *, required: bool = False) -> Field:
        texts = (sent.text(place),)
        return Field(place, label, "choice", hint, texts, choices, required, wrong.get(place, ()))

    def text(place: str, label: str, hint: str) -> Field:
        return Field(place, label, "text", hint, (sent.text(place),), mistakes=wrong.get(place, ()))

    texts = {each[0]: text(*each) for each in TEXTS}
    ones = {name: one(name, label, hint, (("", "none"), *names)) for name, label, hint in ONE_COLUMN}
    outcome = one(
        "outcome", "What may have changed", "The outcome, in one column.", (("", "choose"), *names), required=True
    )
    others = text(
        "outcomes", "Other outcomes", "Columns with commas between them. They are corrected for being several."
    )
    drawn = one(
        "assignment", "How the arms were drawn", "Randomisation inference draws them again in the same way.", DRAWN
    )
    claims = (("", "none"), *((each.id, f"{each.id}: {each.title}") for each in load_claims()))
    claim = one("claim", "Claim of the story", "With a claim the answer is kept as a finding of this project.", claims)
    toml = Field(
        "more",
        "More, as TOML",
        "long",
        "Tables such as [panel], [before_after], [rollout], [series], [scales.name], [equivalence].",
        (sent.text("more"),),
        mistakes=wrong.get("more", ()),
    )
    return {
        "main": (outcome, ones["treatment"], texts["control"], texts["treated"], drawn, ones["baseline"], ones["cluster"], ones["block"]),
        "more": (others, ones["weight"], ones["by"], texts["covariates"], ones["complied"], ones["person"], texts["missing"], toml),
        "claim": (claim, one("favourable", "Which values favour it", "", SIDES), texts["title"], texts["population"]),
    }  # fmt: skip


def _nearer(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Each mistake at the field that shows it: items of a list at the list, parts of a table that has one field at that."""
    found = []
    for each in mistakes:
        place = each.place.partition("[")[0].removesuffix(".kind")
        found.append(Mistake(place, each.value, each.rule, each.way_out))
    return found


def _more(text: str) -> dict[str, Any]:
    wrong = wrong_with(text, "more")
    if wrong:
        raise DesignError(HEADING, wrong)
    try:
        raw = tomllib.loads(text)
        json.dumps(raw, default=str)  # as it is handed on: tables nested without end stop here
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no error of TOML's own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DesignError(HEADING, [Mistake("more", None, f"is not TOML: {reason}", "Mend that line.")]) from error
    named = [name for name in FILES if name in raw]
    if named:
        way_out = "Use the command line for a design that names other files."
        raise DesignError(HEADING, [Mistake("more", name, "names another file", way_out) for name in named])
    return raw


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _told(column: Column) -> str:
    label = column.label if len(column.label) <= 60 else f"{column.label[:57]}..."
    return f"{column.name}: {label}" if label else column.name
