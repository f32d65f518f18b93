"""A coding sheet as an ELAN template: a tier and a controlled vocabulary for each code."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.coding.sheet import Code, Sheet

CONSTRAINT: Final = (
    '    <CONSTRAINT DESCRIPTION="Time alignable annotations within the parent annotation\'s time interval, gaps are allowed" '
    'STEREOTYPE="Included_In"/>'
)
SCHEMA: Final = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"


def as_elan(sheet: Sheet, coder: str = "", subjects: Sequence[str] = (), made: dt.datetime | None = None) -> bytes:
    """The sheet as an .etf or .eaf file (the format is one). coder: who annotates, on every tier.

    subjects: who is marked, by role and number; each has a tier code@subject beside the code's own, so that two who do the same at once can be
    marked. Codes with sides have a tier for each side instead.
    """
    made = made or dt.datetime.now(tz=dt.UTC)
    root = (
        f'<ANNOTATION_DOCUMENT AUTHOR={quoteattr(coder)} DATE="{made.isoformat(timespec="seconds")}" FORMAT="3.0" VERSION="3.0" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{SCHEMA}">'
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        root,
        '    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>',
        "    <TIME_ORDER/>",
    ]
    annotator = f"ANNOTATOR={quoteattr(coder)} " if coder else ""
    lines += [
        f"    <TIER {annotator}LINGUISTIC_TYPE_REF={quoteattr(code.name)} {_named(code, subject)}/>"
        for code in sheet.codes
        for subject in code.sides or ("", *subjects)
    ]
    lines += [_kind(code) for code in sheet.codes]
    lines += [
        '    <LANGUAGE LANG_DEF="http://cdb.iso.org/lg/CDB-00138502-001" LANG_ID="eng" LANG_LABEL="English (eng)"/>',
        CONSTRAINT,
    ]
    for code in sheet.codes:
        lines += _vocabulary(code)
    return "\n".join([*lines, "</ANNOTATION_DOCUMENT>", ""]).encode()


def _named(code: Code, subject: str) -> str:
    if not subject:
        return f"TIER_ID={quoteattr(code.name)}"
    return f"PARTICIPANT={quoteattr(subject)} TIER_ID={quoteattr(f'{code.name}@{subject}')}"


def _kind(code: Code) -> str:
    vocabulary = f"CONTROLLED_VOCABULARY_REF={quoteattr(code.name)} " if code.values else ""
    return f'    <LINGUISTIC_TYPE {vocabulary}GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID={quoteattr(code.name)} TIME_ALIGNABLE="true"/>'


def _vocabulary(code: Code) -> list[str]:
    if not code.values:
        return []
    told = f"{code.definition} Counts: {code.yes} Does not: {code.no}"
    lines = [
        f"    <CONTROLLED_VOCABULARY CV_ID={quoteattr(code.name)}>",
        f'        <DESCRIPTION LANG_REF="eng">{escape(told)}</DESCRIPTION>',
    ]
    for number, value in enumerate(code.values):
        own = f"{code.name}_{number}"
        lines += [
            f'        <CV_ENTRY_ML CVE_ID="{own}">',
            f'            <CVE_VALUE DESCRIPTION={quoteattr(code.title)} LANG_REF="eng">{escape(value)}</CVE_VALUE>',
            "        </CV_ENTRY_ML>",
        ]
    return [*lines, "    </CONTROLLED_VOCABULARY>"]
