"""Coding by people: what they look for, what they marked, and how far they agree."""

from __future__ import annotations
