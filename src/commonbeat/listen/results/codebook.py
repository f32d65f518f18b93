"""What every column of a study's data means, for whoever gets the file without us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.listen.results.collected import SCORED_KINDS
from commonbeat.listen.results.variable import MISSING

if TYPE_CHECKING:
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.variable import Variable
    from commonbeat.listen.results.wide import Wide

LONG = (
    ("respondent", "number of the person, given by chance"),
    ("arm", "what was shown, as drawn"),
    ("audience", "adult, child or officer"),
    ("language", "of the questions"),
    ("wave", "when it was asked"),
    ("scale", "which scale the question belongs to"),
    ("item", "the question, as the list below names it"),
    ("value", "the answer as a code or a number"),
    ("skipped", "whether the question was passed over"),
    ("text", "the answer in the person's own words, where texts were asked for"),
)


def codebook(collected: Collected, wide: Wide, form: str = "wide") -> str:
    """Markdown: what a row is, every column with its question and answers, every scale with its source, and what is not in the file."""
    study = collected.study
    lines = [
        f"# {_cell(collected.title())}: what stands in the data",
        "",
        f"Study `{study.identifier}`, fingerprint {study.fingerprint()[:12]}. Asked by {_cell(study.organisation)}."
        + (" **Invented: an example, nobody answered it.**" if study.invented else ""),
        "",
        "One row is one person who agreed to take part." if form == "wide" else "One row is one answer.",
        "Rows stand in an order of chance. Nothing here reaches anybody: no link, code, address, day or hour is in the data.",
        "Few people can share a row's answers on age, group and place: such data stay with those who were told so, and no table of fewer than ten people is shown.",
        "",
        "Empty cells: nothing was answered. In SPSS files "
        + ", ".join(f"{code} means {words}" for code, words in MISSING.items())
        + "; both are declared missing. A text that a spreadsheet would take for a formula has an apostrophe before it in CSV files.",
        "",
    ]
    if form == "long":
        lines += ["| column | meaning |", "|---|---|", *(f"| `{name}` | {meaning} |" for name, meaning in LONG), ""]
    lines += ["| column | question | answers | about |", "|---|---|---|---|", *map(_line, wide.variables), ""]
    return "\n".join([*lines, *_scales(collected, wide)]) + "\n"


def _line(each: Variable) -> str:
    answers = "; ".join(
        f"{code} {words}{' (no point of the scale)' if code in each.unscored else ''}"
        for code, words in each.labels.items()
    )
    turned = "; reversed: more of it means less of what the scale measures" if each.reversed_item else ""
    return f"| `{each.name}` | {_cell(each.label)} | {_cell(answers or each.kind)} | {_cell(each.meaning)}{turned} |"


def _scales(collected: Collected, wide: Wide) -> list[str]:
    names = dict.fromkeys(each.scale for each in wide.items())
    found = [collected.bank.scale(name) for name in names]
    told = [
        f"- `{each.identifier}`: {each.construct}. {'Score: mean of the items, reversed ones turned round. ' if each.kind in SCORED_KINDS else ''}After: {_cell(each.source)}"
        for each in found
    ]
    return ["## Scales", "", *told]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
