"""The page of all items: each scale with its claim, source and reliability, and its questions in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_page import page, plain, table

if TYPE_CHECKING:
    from commonbeat.listen.bank import AnswerFormat, Item, Scale, Wording


def items() -> str:
    """Every scale that can be asked, from the files of the bank."""
    from commonbeat.listen.bank import load_bank, wording

    bank = load_bank()
    words = wording(bank, "en")
    intro = (
        f"{len(bank.scales)} scales with {len(bank.items)} items, in {', '.join(bank.languages)}. How they are meant, what their "
        "reliabilities are worth and how to add your own or a language stands on [the page on items](items.md). `turned`: a higher answer "
        "means less of the construct. `sensitive`: about groups of people, the police's acts towards the person, or who the person is. "
        "Reliabilities are those of another wording, for planning."
    )
    headings = ("scale", "construct", "claim", "outcome", "asked of", "items", "minutes", "reliability")
    return page(
        "All items",
        intro,
        table(headings, [_row(scale) for scale in bank.scales.values()]),
        "## One by one",
        *[_section(scale, words) for scale in bank.scales.values()],
        "## Answers",
        *[_answers(each, words) for each in bank.formats.values()],
    )


def _row(scale: Scale) -> tuple[str, ...]:
    return (
        f"[`{scale.identifier}`](#{scale.identifier.replace('_', '-')})",
        scale.construct,
        f"[{scale.claim}](claims.md)" if scale.claim else "",
        scale.outcome or "",
        ", ".join(sorted(scale.audience)),
        str(len(scale.items)),
        f"{scale.minutes:g}",
        "" if scale.reliability is None else f"{scale.reliability:g}",
    )


def _section(scale: Scale, words: Wording) -> str:
    where = f" {scale.source_url_or_doi}." if scale.source_url_or_doi else ""
    reliability = (
        scale.reliability_source if scale.reliability is None else f"{scale.reliability:g}, {scale.reliability_source}"
    )
    lines = [
        f"### {scale.identifier.replace('_', '-')}",
        f"{scale.kind.capitalize()}. Source: {plain(scale.source)}.{plain(where)} Reliability: {plain(reliability)}.",
    ]
    lead = words.scale_lead(scale.identifier)
    if lead:
        lines.append(f"*{plain(lead)}*")
    lines.append(table(("item", "question", "answers", ""), [_item(item, words) for item in scale.items]))
    return "\n\n".join(lines)


def _item(item: Item, words: Wording) -> tuple[str, ...]:
    marks = [word for word, holds in (("turned", item.reversed), ("sensitive", item.sensitive)) if holds]
    return f"`{item.identifier}`", plain(words.item(item.identifier)), f"`{item.format.identifier}`", ", ".join(marks)


def _answers(answers: AnswerFormat, words: Wording) -> str:
    if answers.kind == "number":
        return f"`{answers.identifier}`: a whole number from {answers.low:g} to {answers.high:g}."
    if answers.kind == "text":
        return f"`{answers.identifier}`: own words."
    told = "; ".join(f"{value} {plain(words.option(answers.identifier, value))}" for value in answers.values)
    aside = f" No points of the scale: {', '.join(map(str, answers.unscored))}." if answers.unscored else ""
    return f"`{answers.identifier}`{' (with pictures)' if answers.pictures else ''}: {told}.{aside}"
