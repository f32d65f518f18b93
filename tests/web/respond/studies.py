"""Two studies as a file declares them: of those present, children among them, and of viewers who are drawn to one of two arms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from commonbeat.listen.study.model import StudyDesign
from commonbeat.listen.study.reading import study_from

TODAY = dt.datetime.now(tz=dt.UTC).date()


def _common(identifier: str) -> dict[str, Any]:
    return {
        "format": 1,
        "identifier": identifier,
        "title": {"en": "The dance-off on Elm Street", "es": "El baile en la calle Elm"},
        "languages": ["en", "es"],
        "organisation": "Youth Office",
        "collected_by": "youth organisation",
        "contact": "Ana, 555 0100",
        "purpose": {"en": "We want to know how it was.", "es": "Queremos saber cómo fue."},
        "starts_on": (TODAY - dt.timedelta(days=1)).isoformat(),
        "closes_on": (TODAY + dt.timedelta(days=60)).isoformat(),
        "kept_until": (TODAY + dt.timedelta(days=400)).isoformat(),
        "seed": 7,
    }


def present() -> StudyDesign:
    """Adults and children who were there, asked once."""
    return study_from(
        {
            **_common("those-present"),
            "design": "present",
            "audience": ["adult", "child"],
            "scales": ["enjoyment", "trust_levels", "reflection", "child_joy", "child_trust"],
            "waves": [{"name": "there", "day": 0, "window_days": 60}],
        }
    )


def officers() -> StudyDesign:
    """Officers alone, who may leave a way to reach them."""
    return study_from(
        {
            **_common("officers"),
            "design": "present",
            "audience": ["officer"],
            "contact_data": True,
            "scales": ["regard"],
            "waves": [{"name": "there", "day": 0, "window_days": 60}],
        }
    )


def viewers(folder: Path) -> StudyDesign:
    """Adults drawn to a clip or to a text, asked again after three weeks; the clip lies in `folder`."""
    (folder / "clip.mp4").write_bytes(b"film " * 1000)
    for language, words in (("en", "Music"), ("es", "Música")):
        text = f"WEBVTT\n\n00:00.000 --> 00:02.000\n{words}\n"
        (folder / f"clip.{language}.vtt").write_text(text, encoding="utf-8")
    (folder / "secret.txt").write_text("nobody's business", encoding="utf-8")
    described = {"en": "An officer joins in a dance.", "es": "Una agente se une a un baile."}
    return study_from(
        {
            **_common("viewers"),
            "folder": str(folder),
            "design": "viewers",
            "audience": ["adult"],
            "scales": ["trust_levels"],
            "arms": [
                {
                    "name": "clip",
                    "kind": "clip",
                    "clip": "clip.mp4",
                    "captions": {"en": "clip.en.vtt", "es": "clip.es.vtt"},
                    "description": described,
                },
                {
                    "name": "text",
                    "kind": "text",
                    "text": {"en": "In words:\nan officer danced.", "es": "En palabras: una agente bailó."},
                },
            ],
            "assignment": {"ask_before": ["recent_contact"], "block_by": ["recent_stops"]},
            "waves": [{"name": "first", "day": 0, "window_days": 10}, {"name": "later", "day": 21, "window_days": 10}],
            "debriefing": {"en": "You saw one of two things.", "es": "Usted vio una de dos cosas."},
        }
    )
