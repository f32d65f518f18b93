"""What a run says, as a page that can be read, printed and passed on without a network.

render_report(run)         the report, one HTML text
render_print(run)          its two-page version for A4
export_svg(run, folder)    its pictures as files, each with interval and stop rate burnt in; `export_png` likewise
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonbeat.report.page import render_print, render_report
    from commonbeat.report.picture import export_png, export_svg

__all__ = ["export_png", "export_svg", "render_print", "render_report"]

_WHERE = {"export_png": "picture", "export_svg": "picture", "render_print": "page", "render_report": "page"}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"commonbeat.report.{_WHERE[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
