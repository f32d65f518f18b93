"""How Sphinx builds these pages: Markdown by MyST, furo's theme, and formulas that need no network."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

project = "Common Beat"
author = "Common Beat contributors"
version = release = installed_version("commonbeat")

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True
suppress_warnings: list[str] = []

html_theme = "furo"
html_title = "Common Beat"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["formula.css"]
html_math_renderer = "mathml"


def inline_formula(translator: Any, node: nodes.math) -> None:
    """A formula inside a sentence, as MathML, which browsers draw without fonts or scripts from elsewhere."""
    translator.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def displayed_formula(translator: Any, node: nodes.math_block) -> None:
    """A formula on lines of its own."""
    translator.body.append(f'<div class="formula">{tex2mathml(node.astext(), as_block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Sphinx knows the renderer that `html_math_renderer` names."""
    app.add_html_math_renderer("mathml", (inline_formula, None), (displayed_formula, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
