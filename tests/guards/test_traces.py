"""Nothing in the project tells on which machine it was made or where its packages came from."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Put together from pieces, so that this file does not find itself.
TRACES = re.compile(
    "|".join(
        [
            r"(?<![\w.~])/(?:" + "|".join(["wo" + "rk", "o" + "pt", "ro" + "ot", "ho" + "me"]) + r")/\w",
            r"/t" + r"mp/v/",
            r"py" + r"pi\.org",
            r"python" + r"hosted",
            r"find-" + r"links",
            r"index-" + r"url",
            r"registry\.np" + r"mjs",
        ]
    )
)


def tracked_files() -> list[Path]:
    """Every file that git tracks."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_this_machine() -> None:
    files = tracked_files()
    assert len(files) > 50
    found = {}
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if match := TRACES.search(text):
            found[str(path.relative_to(ROOT))] = match.group()
    assert found == {}


def test_the_pattern_finds_what_it_is_for() -> None:
    assert TRACES.search("see " + "/ro" + "ot/project")
    assert TRACES.search("pip --find" + "-links x")
    assert not TRACES.search("src/commonbeat/report/templates")
