"""What a planned study can see: by formula, by simulated trials, and on the simulator's people.

load_power_design(path)      the planned study, whole and checked
study(design, progress)      every question that is asked of it
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonbeat.estimate.power.assumption import assume
    from commonbeat.estimate.power.inquiry import Progress, study
    from commonbeat.estimate.power.model import PowerDesign
    from commonbeat.estimate.power.reading import (
        SHIPPED_DESIGNS,
        load_power_design,
        parse_power_design,
        power_design_text,
    )
    from commonbeat.estimate.power.result import Answer, CardSeen, Point, PowerStudy, SocietyPoint
    from commonbeat.estimate.power.society_run import SocietyRun

_WHERE = {
    "SHIPPED_DESIGNS": "reading",
    "Answer": "result",
    "CardSeen": "result",
    "Point": "result",
    "PowerDesign": "model",
    "PowerStudy": "result",
    "Progress": "inquiry",
    "SocietyPoint": "result",
    "SocietyRun": "society_run",
    "assume": "assumption",
    "load_power_design": "reading",
    "parse_power_design": "reading",
    "power_design_text": "reading",
    "study": "inquiry",
}

__all__ = [
    "SHIPPED_DESIGNS",
    "Answer",
    "CardSeen",
    "Point",
    "PowerDesign",
    "PowerStudy",
    "Progress",
    "SocietyPoint",
    "SocietyRun",
    "assume",
    "load_power_design",
    "parse_power_design",
    "power_design_text",
    "study",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"commonbeat.estimate.power.{_WHERE[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
