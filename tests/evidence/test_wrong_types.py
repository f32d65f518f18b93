"""A wrong type anywhere in a ledger's TOML is an error of the ledger, never a crash."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path

import pytest

from commonbeat.claims import catalogue, story
from commonbeat.errors import LedgerError
from commonbeat.evidence import parameters

SHIPPED = {
    "parameters.toml": (parameters, parameters.load_ledger),
    "claims.toml": (catalogue, catalogue.load_claims),
    "story.toml": (story, story.load_story),
}
ONE_OF_EACH_RULE = (
    "stop_trust",
    "contact_retention",
    "watched_trust",
    "text_to_film",
    "told_fraction",
    "bystander_share",
)
WRONG = (3, "x", [1], {"a": 1}, float("nan"))


def addresses(content: object, path: tuple = ()) -> list[tuple]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path] * bool(path) + [a for key, value in inner for a in addresses(value, (*path, key))]


def replaced(content: dict, path: tuple, value: object) -> dict:
    whole = copy.deepcopy(content)
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return whole


@pytest.mark.parametrize("name", SHIPPED)
def test_wrong_types_are_errors_of_the_ledger(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, load = SHIPPED[name]
    content = tomllib.loads((Path(module.__file__).parent / name).read_text(encoding="utf-8"))
    for key, entries in content.items():
        if isinstance(entries, list):
            content[key] = [e for e in entries if e.get("name", "") in ONE_OF_EACH_RULE] or entries[:2]
    refused = 0
    for path in addresses(content):
        for wrong in WRONG:
            made = replaced(content, path, wrong)
            monkeypatch.setattr(module, "read_toml", lambda _, made=made: made)
            try:
                load.__wrapped__(Path(name))
            except LedgerError:
                refused += 1
    assert refused > 50
