"""Records and consents that tests begin from and change."""

from __future__ import annotations

from typing import Any

GIVEN = {"collected_by": "school", "given_on": "2026-06-01", "expires_on": "2028-06-01"}
ALL = ["analyse", "keep", "show", "share"]


def permission(slot: str, by: str = "self", scope: list[str] | None = None, **changes: Any) -> dict[str, Any]:
    return {"slot": slot, "by": by, "scope": ALL if scope is None else scope, **GIVEN, **changes}


def a_consent(children: int = 2, scope: list[str] | None = None, **changes: Any) -> dict[str, Any]:
    """A consent of some children, their guardians and one officer, as a file holds it."""
    slots = [f"child {number}" for number in range(1, children + 1)]
    permissions = [permission(slot, by, scope) for slot in slots for by in ("guardian", "self")]
    return {
        "schema": 1,
        "identifier": "pavement-consent",
        "encounter": "pavement",
        "visible": {"child": children, "officer": 1},
        "permissions": [*permissions, permission("officer 1", "self", scope)],
        **changes,
    }


def a_record(**changes: Any) -> dict[str, Any]:
    """A whole record, as a JSON file holds it."""
    consent = {key: value for key, value in a_consent().items() if key != "schema"}
    return {
        "schema": 1,
        "identifier": "pavement",
        "title": "An officer joins children who dance",
        "invented": True,
        "when": {"date": "2026-06-01", "hour": 16, "duration_minutes": 6.5},
        "where": {"place": "Powderhorn Park", "setting": "street"},
        "people": [
            {"role": "child", "part": "took part", "count": 2, "self_described_group": "Black"},
            {"role": "officer", "part": "took part", "count": 1},
            {"role": "adult", "part": "stood by", "count": "unknown"},
        ],
        "course": {
            "authenticity": "spontaneous",
            "began_as": "meeting",
            "came_closer": "officer",
            "joins": [{"who": "officer", "whom": "child", "count": 1, "at_seconds": 20}],
            "invited": True,
            "intent_stated": False,
            "could_leave": True,
            "activity": "dancing",
            "led_by": "child",
            "cultural_form": "street dance",
            "cultural_form_of": "child",
            "cultural_form_credited": "unknown",
        },
        "tone": {
            "by_those_present": [
                {
                    "judged_by": "child",
                    "scale_low": 1,
                    "scale_high": 5,
                    "neutral": 3,
                    "mean": 4.5,
                    "sd": 0.5,
                    "n": 2,
                    "collected_by": "school",
                }
            ],
            "by_coders": [
                {"judged_by": "coder", "scale_low": -2, "scale_high": 2, "neutral": 0, "mean": 1.2, "sd": 0.4, "n": 3}
            ],
        },
        "after": {
            "followed": ["talk", "thanks"],
            "note": "They danced on.",
            "acquaintances": [{"role": "child", "with_role": "officer", "pairs": 2}],
        },
        "clip": {
            "filmed": True,
            "filmed_by": "resident",
            "posted": True,
            "posted_by": "outlet",
            "posted_on": "2026-06-02",
        },
        "consent": consent,
        "sources": {"when.duration_minutes": {"source": "instrument", "uncertainty": 0.5, "confirmed": False}},
        **changes,
    }
