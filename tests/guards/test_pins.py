"""Everything that gets installed is pinned, and the pins hold names and versions only."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PINS = dict(line.split("==") for line in LINES)


def asked(extra: str | None = None) -> list[Requirement]:
    """What the project asks for, by itself or with an extra."""
    return [
        Requirement(text) for text in (PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"])
    ]


def installed_closure(wanted: list[Requirement]) -> set[str]:
    """Names of everything that these requirements bring in, as far as it is installed here."""
    found: set[str] = set()
    queue = list(wanted)
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        extras = requirement.extras or {""}
        for text in needs:
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                queue.append(need)
    return found


def test_pins_are_names_and_versions_in_order() -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in LINES)
    assert sorted(PINS) == list(PINS)


def test_everything_installed_is_pinned() -> None:
    wanted = asked() + asked("test") + asked("docs") + asked("video") + asked("postgresql")
    closure = installed_closure(wanted)
    assert {canonicalize_name(each.name) for each in asked()} <= closure
    assert closure <= set(PINS)


def test_the_pins_meet_the_lower_bounds() -> None:
    for extra in (None, *PROJECT["optional-dependencies"]):
        for requirement in asked(extra):
            assert Version(PINS[canonicalize_name(requirement.name)]) in requirement.specifier
