"""Claims, evidence and schema: one JSON document on standard output, or a table that says the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commonbeat.cli import run
from commonbeat.evidence import load_cards, load_parameters

OPEN_FROM_EVIDENCE_ALONE = {"C3", "C4", "C7", "C9", "C11", "C13"}


def document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The one JSON document that the command prints."""
    assert run(words) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return json.loads(shown.out)


def test_claims_as_json(capsys) -> None:
    claims = document(capsys, "claims", "--json")
    assert [claim["id"] for claim in claims] == [f"C{number}" for number in range(1, 17)]
    for claim in claims:
        assert {"id", "text", "status", "why"} <= set(claim)
        assert claim["status"] in {"supported", "mixed", "not supported", "unknown"}
        assert claim["text"]
        assert claim["why"]
    status = {claim["id"]: claim["status"] for claim in claims}
    assert all(status[identity] != "supported" for identity in OPEN_FROM_EVIDENCE_ALONE)


def test_claims_as_a_table(capsys) -> None:
    assert run(["claims"]) == 0
    text = capsys.readouterr().out
    assert "C16" in text
    assert "unknown" in text


def test_every_card_is_listed(capsys) -> None:
    cards = document(capsys, "evidence", "--json")
    assert [card["id"] for card in cards] == [card.id for card in load_cards()]
    assert {card["status"] for card in cards} >= {"verified", "derived", "recalled"}


def test_a_card_tells_what_rests_on_it(capsys) -> None:
    card = document(capsys, "evidence", "show", "e019", "--json")
    assert card["id"] == "E019"
    assert "direct_prejudice_reduction" in card["parameters"]
    assert run(["evidence", "show", "E019"]) == 0
    assert "Paluck" in capsys.readouterr().out


def test_a_parameter_tells_its_prior_picture_and_cards(capsys) -> None:
    shown = document(capsys, "evidence", "show", "watched_trust", "--json")
    assert shown["prior"]["low"] < shown["prior"]["median"] < shown["prior"]["high"]
    assert len(shown["picture"].replace("|", "")) == 24
    assert shown["cards"]
    assert run(["evidence", "show", "watched_trust"]) == 0
    assert shown["picture"].strip() in capsys.readouterr().out


def test_what_nobody_measured_has_no_prior(capsys) -> None:
    shown = document(capsys, "evidence", "show", "reproduction_number", "--json")
    assert shown["prior"] is None
    assert run(["evidence", "show", "reproduction_number"]) == 0
    assert "nobody has measured it" in capsys.readouterr().out


def test_every_parameter_is_carried_by_cards_or_says_why_not(capsys) -> None:
    parameters = document(capsys, "evidence", "parameters", "--json")
    assert [each["name"] for each in parameters] == [parameter.name for parameter in load_parameters()]
    assert all(each["cards"] or (each["assumed"] and each["reason"]) for each in parameters)


def test_a_misspelt_card_is_input(capsys) -> None:
    assert run(["evidence", "show", "watched_trsut"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Did you mean 'watched_trust'?" in shown.err


def test_the_schema_is_json(capsys) -> None:
    schema = document(capsys, "schema")
    assert schema["title"] == "Scenario"
    assert "arms" in schema["properties"]
