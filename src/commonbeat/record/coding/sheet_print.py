"""A coding sheet for people's eyes: a page to print, Markdown, or a table."""

from __future__ import annotations

import csv
import io
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from commonbeat.record.coding.sheet import Code, Sheet

KINDS: Final = {
    "moment": "Mark the moment.",
    "stretch": "Mark from its beginning to its end.",
    "interval": "Judge once for every {seconds:g} seconds, counted from the clip's start.",
    "text": "Judge once for the whole text.",
}
LEVELS_IN_WORDS: Final = {
    "nominal": "names without an order",
    "ordinal": "an order",
    "interval": "equal steps",
    "ratio": "equal steps from zero",
}
STYLE: Final = """
@page { size: A4; margin: 16mm 16mm 18mm }
body { font: 11pt/1.45 Georgia, 'Times New Roman', serif; color: #1a1a1a; max-width: 178mm; margin: 0 auto; padding: 1rem }
h1 { font-size: 20pt; line-height: 1.15; margin: 0 0 .5em }
.read { border-left: 3pt solid #c8553d; padding-left: 1em; margin: 0 0 1.5em }
article { break-inside: avoid; border-top: 1pt solid #999; padding: .7em 0 .4em }
h2 { font-size: 14pt; margin: 0; display: flex; gap: .6em; align-items: baseline }
kbd { font: 700 10pt/1 ui-monospace, monospace; border: 1pt solid #555; border-radius: 3pt; padding: 2pt 5pt }
.how { color: #555; margin: .1em 0 .4em; font-size: 10pt }
dl { display: grid; grid-template-columns: 6.5em 1fr; gap: .15em .8em; margin: 0 }
dt { font-weight: 700 } dd { margin: 0 } dd ul { margin: 0; padding-left: 1.1em }
.value { display: inline-block; border: 1pt solid #888; border-radius: 8pt; padding: 0 7pt; margin: 0 3pt 3pt 0 }
footer { border-top: 1pt solid #999; margin-top: 1em; padding-top: .5em; color: #555; font-size: 9.5pt }
"""


def how(code: Code) -> str:
    """How the code is given, in a sentence or two."""
    first = KINDS[code.kind].format(seconds=code.interval_s or 0)
    sides = f" One value for each side, with the side as the subject: {', '.join(code.sides)}." if code.sides else ""
    return f"{first}{sides} Values: {LEVELS_IN_WORDS[code.level]} ({code.level})."


def as_markdown(sheet: Sheet) -> str:
    """The sheet as Markdown."""
    lines = [f"# {sheet.title}", "", sheet.instructions.strip(), ""]
    for code in sheet.codes:
        key = f" (key {code.key})" if code.key else ""
        lines += [f"## {code.title}{key}", "", f"`{code.name}`. {how(code)}", "", code.definition, ""]
        lines += [f"- **{word}** {text}" for word, text in _rows(code)]
        lines += [""]
    return "\n".join(lines)


def as_page(sheet: Sheet) -> str:
    """The sheet as one HTML page that prints well on A4 and needs no network."""
    articles = "\n".join(_article(code) for code in sheet.codes)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(sheet.title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body>'
        f'<h1>{escape(sheet.title)}</h1>\n<p class="read">{escape(sheet.instructions.strip())}</p>\n{articles}\n'
        "<footer>Coder ________________ &nbsp; Clip or file ________________ &nbsp; Date ____________</footer></body></html>\n"
    )


def _article(code: Code) -> str:
    key = f"<kbd>{escape(code.key)}</kbd>" if code.key else ""
    values = "".join(f'<span class="value">{escape(value)}</span>' for value in code.values)
    rows = "".join(
        f"<dt>{escape(word.rstrip(':'))}</dt><dd>{escape(text)}</dd>" for word, text in _rows(code, values=False)
    )
    values = f"<dt>Values</dt><dd>{values}</dd>" if values else ""
    return (
        f"<article><h2>{escape(code.title)} {key}</h2><p class='how'>{escape(code.name)} &middot; {escape(how(code))}</p>"
        f"<p>{escape(code.definition)}</p><dl>{values}{rows}</dl></article>"
    )


def _rows(code: Code, *, values: bool = True) -> list[tuple[str, str]]:
    rows = [("Values:", "; ".join(code.values))] if values and code.values else []
    rows += [("Counts:", code.yes), ("Does not:", code.no)]
    rows += [("Example:", each) for each in code.examples]
    rows += [("Near miss:", each) for each in code.near_misses]
    return [*rows, ("Who codes:", code.coders)]


def as_table(sheet: Sheet) -> str:
    """The sheet as CSV, one row per code."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            "name",
            "title",
            "key",
            "kind",
            "interval_s",
            "level",
            "values",
            "sides",
            "definition",
            "counts",
            "does_not_count",
            "examples",
            "near_misses",
            "coders",
        ]
    )
    for code in sheet.codes:
        lists = [" | ".join(each) for each in (code.values, code.sides, code.examples, code.near_misses)]
        seconds = "" if code.interval_s is None else f"{code.interval_s:g}"
        writer.writerow(
            [
                code.name,
                code.title,
                code.key,
                code.kind,
                seconds,
                code.level,
                *lists[:2],
                code.definition,
                code.yes,
                code.no,
                *lists[2:],
                code.coders,
            ]
        )
    return text.getvalue()
