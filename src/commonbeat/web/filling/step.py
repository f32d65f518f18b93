"""One step of a form that is filled in step by step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Its title, what to think of, and the keys that it asks for."""

    title: str
    lead: str
    names: tuple[str, ...]
