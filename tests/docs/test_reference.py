"""Pages that are made from code and ledgers are what would be made today."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys

import pytest

from commonbeat.scenario import shipped_text
from tests.docs.pages import DOCS, MADE, ROOT

SCRIPT = ROOT / "scripts" / "write_reference_docs.py"
AGAIN = "run: python scripts/write_reference_docs.py"


def load_script():
    sys.path.insert(0, str(SCRIPT.parent))
    specification = importlib.util.spec_from_file_location("write_reference_docs", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


script = load_script()


@pytest.mark.parametrize("name", sorted(script.PAGES))
def test_the_page_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == script.PAGES[name](), f"docs/{name} is old; {AGAIN}"


def test_no_other_page_says_that_it_is_made():
    made = {path.name for path in DOCS.glob("*.md") if path.read_text(encoding="utf-8").startswith(MADE)}
    assert made == {*script.PAGES, script.FIGURES}


def test_the_demo_figures_were_made_with_todays_ledger_scenario_and_city():
    from commonbeat.society.minneapolis import plan_minneapolis
    from commonbeat.workflows.ledger_hash import ledger_hash

    text = (DOCS / script.FIGURES).read_text(encoding="utf-8")
    ledger, scenario, society = re.findall(r"(?:ledger|scenario|society) `([0-9a-f]+)`", text)
    way_out = "make the figures again: commonbeat demo --out RUN, then scripts/write_reference_docs.py --run RUN"
    assert ledger_hash().startswith(ledger), way_out
    assert hashlib.sha256(shipped_text("dance-off").encode()).hexdigest().startswith(scenario), way_out
    assert plan_minneapolis().content_hash == society, way_out


def test_the_demo_figures_name_every_arm_but_the_reference():
    from commonbeat import shipped

    text = (DOCS / script.FIGURES).read_text(encoding="utf-8")
    scenario = shipped("dance-off")
    assert f"Seed {scenario.seed}, {scenario.draws} draws, {scenario.days} days" in text
    arms = re.findall(r"^\| `(\w+)` \|", text.partition("<!-- answer")[0], re.MULTILINE)
    assert arms == [arm.name for arm in scenario.arms if arm.name != scenario.reference]


def test_the_demo_figures_answer_every_question_of_the_tutorial():
    text = (DOCS / script.FIGURES).read_text(encoding="utf-8")
    queries = script.questions()
    assert len(queries) == 3
    assert re.findall(r"<!-- answer (\d) -->", text) == ["1", "2", "3"]
    for query, given in zip(queries, re.split(r"<!-- answer \d -->", text)[1:], strict=True):
        heads = re.findall(r"\w+", given.strip().partition("\n")[0])
        assert all(re.search(rf"\b{head}\b", query) for head in heads)


def test_what_the_tutorial_says_about_the_demo_is_what_its_figures_say():
    rows = re.findall(
        r"^\| `(\w+)` \| (\S+) \((\S+) to (\S+)\)", (DOCS / script.FIGURES).read_text(encoding="utf-8"), re.MULTILINE
    )
    low, middle, high = ({name: float(points[place]) for name, *points in rows} for place in (1, 0, 2))
    assert low["outlet_clip"] < 0 < high["outlet_clip"]
    assert abs(middle["resident_clip"] - middle["moment_unfilmed"]) < 0.2 * middle["moment_unfilmed"]
    assert middle["outlet_clip_then_violent"] < -abs(middle["outlet_clip"])
    assert middle["fewer_stops"] > 10 * max(middle["weekly_year"], middle["moment_unfilmed"])
    assert middle["fewer_stops"] > 10 * abs(middle["outlet_clip_then_violent"])


def test_what_the_tutorial_says_about_the_city_is_what_its_account_says():
    from commonbeat.society.minneapolis import plan_minneapolis

    account = {line.name: line.value for line in plan_minneapolis().account}
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    for name, words in {
        "recorded police stops": "of {:,.0f} recorded stops",
        "stops whose race is recorded as Unknown": "{:,.0f}\nhave a race recorded as Unknown",
        "stops structurally empty: no race, no search entered": "{:,.0f} rows are structurally empty",
    }.items():
        assert words.format(account[name]) in text


def test_every_command_name_table_parameter_and_key_has_its_place():
    import commonbeat
    from commonbeat.cli.commands import app, evidence
    from commonbeat.cli.listen_app import listen
    from commonbeat.cli.record_app import record
    from commonbeat.cli.web_commands import user, web
    from commonbeat.evidence import load_cards, load_parameters
    from commonbeat.results.schema import TABLES

    headings = {
        name: re.findall(r"^#+ (.+)$", (DOCS / name).read_text(encoding="utf-8"), re.MULTILINE) for name in script.PAGES
    }
    groups = {"": app, "record ": record, "evidence ": evidence, "listen ": listen, "web ": web, "web user ": user}
    only_groups = {"record", "listen", "web user"}
    named = [f"{place}{name}" for place, group in groups.items() for name in group if not name.startswith("-")]
    commands = [name for name in named if name not in only_groups]
    assert sorted(headings["commands.md"][1:]) == sorted(f"commonbeat {name}" for name in commands)
    assert headings["python.md"][1:] == list(commonbeat.__all__)
    assert headings["codebook.md"][1:] == [table.name for table in TABLES]
    assert headings["parameters.md"][2:] == [parameter.name for parameter in load_parameters()]
    assert headings["cards.md"][1:] == [card.id for card in load_cards()]
