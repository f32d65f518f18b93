"""The page of a study that asked people: who answered, what they said, what changed."""

from __future__ import annotations

from commonbeat.report.listening.answer import answer_sentences
from commonbeat.report.listening.page import render_listening, render_listening_print
from commonbeat.report.listening.told import Told

__all__ = ["Told", "answer_sentences", "render_listening", "render_listening_print"]
