"""The pages build without a warning, and ask for nothing from elsewhere."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS

NEEDED = ("sphinx", "myst_parser", "furo")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"SKIPPED LOUDLY: {', '.join(missing)} not installed (extra 'docs'); the pages are not built here")
    assert not missing, f"CI builds the docs, so it needs {', '.join(missing)}"
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(out / "trees"), str(DOCS)]
    built = subprocess.run([*command, str(out / "html")], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert not built.stderr
    return out / "html"


def test_every_page_is_built(site):
    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").is_file()


def test_pages_load_nothing_from_elsewhere(site):
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=\"(?:https?:)?//", text), page.name
        assert not re.findall(r"<link[^>]*stylesheet[^>]*href=\"(?:https?:)?//", text), page.name


def test_formulas_are_drawn(site):
    text = (site / "model.html").read_text(encoding="utf-8")
    assert text.count("<math") > 40
    assert "$$" not in text
    assert r"\mathrm" not in text
