"""What an analysis of a study says, as a page that can be read, printed and passed on without a network.

render_study(analysis)             the report, one HTML text: two pages to read, and every method's rows folded after them
render_study_print(analysis)       exactly two pages of A4
study_pictures(analysis, folder)   its pictures as SVG and PNG files, each with its interval and the stop rate burnt in
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonbeat.report.study.page import render_study, render_study_print
    from commonbeat.report.study.pictures import study_pictures

__all__ = ["render_study", "render_study_print", "study_pictures"]

_WHERE = {"render_study": "page", "render_study_print": "page", "study_pictures": "pictures"}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"commonbeat.report.study.{_WHERE[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
