"""Codings that the tests make up: a BORIS project, an ELAN file, and rows of codes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

CANONICAL = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Krippendorff (2011), the canonical example: four coders, twelve units, missing codes."""


def canonical() -> np.ndarray:
    """The canonical example as (units, coders), -1 for a missing code and 0 for the value 1."""
    rows = [[-1 if cell == "." else int(cell) - 1 for cell in row.split()] for row in CANONICAL]
    return np.array(rows, dtype=np.int64).T


def boris_document(**observations: list) -> dict:
    """A project of format 7.0 with three codes, and with keys that nobody has heard of."""
    codes = [("approach", "Point event"), ("dance", "State event"), ("respect", "Point event")]
    return {
        "time_format": "hh:mm:ss",
        "project_date": "2021-05-30T10:00:00",
        "project_name": "Straße — 🕺",
        "project_description": "",
        "project_format_version": "7.0",
        "subjects_conf": {"0": {"key": "o", "name": "officer 1", "description": ""}},
        "behaviors_conf": {
            str(number): {
                "type": kind,
                "key": code[0],
                "code": code,
                "description": "",
                "color": "",
                "category": "",
                "modifiers": {},
                "excluded": "",
                "coding map": "",
            }
            for number, (code, kind) in enumerate(codes)
        },
        "observations": {
            name.replace("_", " "): {
                "file": {"1": ["D:\\films\\dance off.mp4"], "2": []},
                "type": "MEDIA",
                "date": "2021-05-30T10:05:00",
                "time offset": 0.0,
                "independent_variables": {},
                "events": events,
                "media_info": {
                    "length": {"D:\\films\\dance off.mp4": 60.0},
                    "fps": {"D:\\films\\dance off.mp4": 29.97},
                },
                "a key of tomorrow": {"nested": [1, 2.5, None, True, "x"]},
            }
            for name, events in observations.items()
        },
        "behavioral_categories": [],
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
        "plugins of tomorrow": [{"deep": {"deeper": 1e-09}}],
    }


def write_boris(path: Path, document: dict, **style) -> Path:
    style = style or {"indent": 1, "separators": (",", ":")}
    path.write_text(json.dumps(document, ensure_ascii=False, **style), encoding="utf-8")
    return path


ELAN = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment before the root -->
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2021-05-30T10:00:00+01:00" FORMAT="3.0" VERSION="3.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <LICENSE LICENSE_URL="">free</LICENSE>
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///films/dance%20off.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./dance%20off.mp4"/>
        <PROPERTY NAME="lastUsedAnnotationId">9</PROPERTY>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/>
        <TIME_SLOT TIME_SLOT_ID="ts2"/>
        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="4000"/>
        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="9000"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="steps" PARTICIPANT="officer 1" TIER_ID="dance">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
                <ANNOTATION_VALUE>slow &amp; low</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4" SVG_REF="s1">
                <ANNOTATION_VALUE>fast</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER ANNOTATOR="bo" LINGUISTIC_TYPE_REF="words" PARENT_REF="dance" TIER_ID="note@officer 1">
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a2"><ANNOTATION_VALUE>one</ANNOTATION_VALUE></REF_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a2" PREVIOUS_ANNOTATION="a3"><ANNOTATION_VALUE><![CDATA[t<w>o]]></ANNOTATION_VALUE></REF_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="free" TIER_ID="approach"/>
    <LINGUISTIC_TYPE CONTROLLED_VOCABULARY_REF="steps" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="steps" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Subdivision" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="words" TIME_ALIGNABLE="false"/>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="free" TIME_ALIGNABLE="true"/>
    <LOCALE COUNTRY_CODE="US" LANGUAGE_CODE="en"/>
    <LANGUAGE LANG_DEF="http://cdb.iso.org/lg/CDB-00138502-001" LANG_ID="eng" LANG_LABEL="English (eng)"/>
    <CONSTRAINT DESCRIPTION="Symbolic subdivision of a parent annotation." STEREOTYPE="Symbolic_Subdivision"/>
    <CONTROLLED_VOCABULARY CV_ID="steps">
        <DESCRIPTION LANG_REF="eng">steps</DESCRIPTION>
        <CV_ENTRY_ML CVE_ID="c0"><CVE_VALUE DESCRIPTION="" LANG_REF="eng">slow &amp; low</CVE_VALUE></CV_ENTRY_ML>
        <CV_ENTRY_ML CVE_ID="c1"><CVE_VALUE DESCRIPTION="" LANG_REF="eng">fast</CVE_VALUE></CV_ENTRY_ML>
    </CONTROLLED_VOCABULARY>
    <LEXICON_REF DATCAT_ID="" DATCAT_NAME="" LEXICON_ID="" LEXICON_NAME="lex" LEX_REF_ID="lr1" NAME="lex" TYPE="x" URL="y"/>
    <EXTERNAL_REF EXT_REF_ID="er1" TYPE="iso12620" VALUE="v"/>
    <SOMETHING_NEW what="tomorrow"><?ask nobody?>text</SOMETHING_NEW>
</ANNOTATION_DOCUMENT>
<!-- and one after it -->
"""
