"""What the pages name exists, and what exists is named where it belongs."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.pages import DOCS, pages

MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
OWN_CITY = (DOCS / "own-city.md").read_text(encoding="utf-8")
EVIDENCE = (DOCS / "evidence.md").read_text(encoding="utf-8")
ODD = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


def first_column(text: str, heading: str) -> list[str]:
    """The names in the first column of the first table below a heading."""
    table = re.search(rf"{re.escape(heading)}[\s\S]*?\n((?:\|.*\n)+)", text)
    return [name for row in table[1].splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def known_words() -> set[str]:
    """Every word with an underscore that the code, the ledgers, the scenarios and the designs know."""
    from commonbeat import shipped
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.power.model import PowerDesign
    from commonbeat.estimate.row import Estimate
    from commonbeat.evidence import load_parameters
    from commonbeat.evidence.cards import COLUMNS as CARD_COLUMNS
    from commonbeat.evidence.parameters import RULES
    from commonbeat.fit.posterior.target import COLUMNS as TARGET_COLUMNS
    from commonbeat.fit.posterior.target import KINDS as TARGET_KINDS
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.mind.kinds import KINDS
    from commonbeat.record import Encounter
    from commonbeat.record.video.together.told import GroupSynchrony, PairSynchrony
    from commonbeat.results.schema import TABLES
    from commonbeat.scenario import scenario_schema
    from commonbeat.society.load_rows import SHAPES
    from commonbeat.validate.target import Target

    words = {parameter.name for parameter in load_parameters()} | set(RULES) | set(KINDS) | set(CARD_COLUMNS)
    words |= {*TARGET_KINDS, *TARGET_COLUMNS}
    words |= {"without_cards", "fewer_stops"} | {arm.name for arm in shipped("dance-off").arms}
    words |= {column.name for table in TABLES for column in table.columns}
    words |= {column for shape in SHAPES.values() for column in (*shape.required, *shape.optional)}
    words |= {*PairSynchrony.__dataclass_fields__, *GroupSynchrony.__dataclass_fields__}
    words |= {*Estimate.__dataclass_fields__, *functions_of_estimators(), *functions_of_the_referee()}
    words |= names_of_the_bank()
    words |= {"pg_dump", "pg_restore", "log_statement", "log_error_verbosity"}  # of PostgreSQL itself
    models = (Design, PowerDesign, Target, Encounter, StudyDesign)
    for schema in (scenario_schema(), *(model.model_json_schema() for model in models)):
        words |= words.union(schema["properties"], *(model["properties"] for model in schema["$defs"].values()))
    return words


def names_of_the_bank() -> set[str]:
    """Scales, items and formats of what can be asked, and the fields in which they are told."""
    from commonbeat.listen.bank.item import AnswerFormat, Item, Scale
    from commonbeat.listen.bank.read import OWN_KEYS, load_bank

    bank = load_bank()
    fields = {name for kind in (AnswerFormat, Item, Scale) for name in kind.__dataclass_fields__}
    return {*bank.scales, *bank.items, *bank.formats, *fields, *OWN_KEYS}


def functions_of_the_referee() -> set[str]:
    """What the scripts in R call."""
    scripts = (DOCS.parent / "tests" / "r").glob("*.R")
    return {name for path in scripts for name in re.findall(r"\b(\w+)\(", path.read_text(encoding="utf-8"))}


def functions_of_estimators() -> set[str]:
    """The functions and parameters of estimators, fits and validation, which the pages on methods name."""
    from commonbeat.estimate.trial import Trial

    words = set(Trial.__dataclass_fields__)
    source = DOCS.parent / "src" / "commonbeat"
    for path in (path for floor in ("estimate", "fit", "validate") for path in (source / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                arguments = node.args
                words |= {node.name, *(each.arg for each in (*arguments.args, *arguments.kwonlyargs))}
    return words


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_words_in_code_type_exist(path):
    text = path.read_text(encoding="utf-8")
    used = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", text))
    assert used <= known_words()


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_commands_in_sentences_exist(path):
    from commonbeat.cli.commands import app, evidence

    for command, further in re.findall(r"`commonbeat ([a-z]+)(?: ([a-z]+))?", path.read_text(encoding="utf-8")):
        assert command in app
        assert not further or command != "evidence" or further in evidence


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_files_that_are_named_exist(path):
    for name in re.findall(r"`((?:src|scripts|benchmarks|tests)/[\w./-]*)`", path.read_text(encoding="utf-8")):
        assert (DOCS.parent / name).exists(), name
    for name in re.findall(r"`((?:evidence|claims|simulate)/[\w./-]+)`", path.read_text(encoding="utf-8")):
        assert (DOCS.parent / "src" / "commonbeat" / name).exists(), name


def test_every_benchmark_is_told():
    told = set(re.findall(r"`benchmarks/(\w+)\.py`", (DOCS / "speed.md").read_text(encoding="utf-8")))
    assert told == {path.stem for path in (DOCS.parent / "benchmarks").glob("*.py")} - {"measure"}


def test_the_model_page_follows_the_protocol():
    assert tuple(re.findall(r"^## (.+)$", MODEL, re.MULTILINE)) == ODD
    concepts = MODEL.partition("## Design concepts")[2].partition("## Initialization")[0]
    assert tuple(re.findall(r"^### (.+)$", concepts, re.MULTILINE)) == CONCEPTS


def test_every_parameter_stands_in_an_equation_or_sentence_of_the_model():
    from commonbeat.evidence import load_parameters

    linked = set(re.findall(r"parameters\.md#(\w+)", MODEL))
    assert linked == {parameter.name for parameter in load_parameters()}


def test_phases_outcomes_and_kinds_are_those_of_the_code():
    from commonbeat.mind.kinds import KINDS, OUTCOMES
    from commonbeat.simulate.loop import PHASES

    assert re.findall(r"^\d\. `(\w+)`", MODEL, re.MULTILINE) == [phase.__name__ for phase in PHASES]
    assert first_column(MODEL, "for each of five outcomes") == list(OUTCOMES)
    assert sorted(first_column(MODEL, "so that sums stay exact")) == sorted(KINDS)


def test_constants_that_the_model_page_quotes_are_those_of_the_code():
    from commonbeat.evidence.posterior import SAMPLES
    from commonbeat.mind.kinds import BAD_CONTACT, GOOD_CONTACT
    from commonbeat.mind.rules import CARDS_HAD_MET
    from commonbeat.simulate import background, columns, ensemble, frame, inspiration, telling
    from commonbeat.society import minneapolis
    from commonbeat.spread import clip

    good, bad = (f"{CARDS_HAD_MET[counter]:g}"[1:] for counter in (GOOD_CONTACT, BAD_CONTACT))
    quoted = (
        f"the told hour, {telling.EVENING_HOUR} h",
        f"within {clip.HORIZON_HOURS / 24:g} days",
        f"cut at {clip.APPEAL_CAP:g},",
        f"log-normal, median {clip.OUTLET_DELAY_MEDIAN_HOURS:g} h, log SD {clip.OUTLET_DELAY_SIGMA:g}",
        f"to the power of {f'{frame.FOLLOWER_EXPONENT:g}'[1:]}",
        f"a mean of {inspiration.MEAN_DELAY_DAYS:g} days (assumed)",
        f"{good} good contacts and {bad} bad ones",
        f"between {background.FIRST_CONTACT_HOUR} h and {background.LAST_CONTACT_HOUR} h",
        f"{SAMPLES:,} samples",
        f"{minneapolis.OFFICERS} officers, and {minneapolis.PEOPLE_ELSEWHERE:,} people elsewhere",
        "A difference below $10^{-6}$ SD",
        "The last sixth of the draws",
    )
    assert (columns.NOTICEABLE, ensemble.DRAWS_PER_REPEAT) == (1e-6, 6)
    text = re.sub(r"\s+", " ", MODEL)
    assert [words for words in quoted if words not in text] == []


def test_columns_of_a_society_of_ones_own_are_those_that_are_read():
    from commonbeat.society.load_checks import LAYERS
    from commonbeat.society.load_rows import SHAPES
    from commonbeat.society.people import AGE_BANDS, ROLES
    from commonbeat.society.places import CATEGORIES, SEARCHES

    for name, shape in SHAPES.items():
        columns = [column for column in first_column(OWN_CITY, f"**{name}**") if not column.startswith("share ")]
        assert sorted(columns) == sorted((*shape.required, *shape.optional))
    for word in (*CATEGORIES, *SEARCHES, *AGE_BANDS, *ROLES, *LAYERS):
        assert f"`{word}`" in OWN_CITY, word


def test_the_limit_on_groups_is_the_room_for_their_counts():
    from commonbeat.simulate.background import REPORTING_ROOM
    from commonbeat.society.load_checks import MOST_GROUPS

    officers_and_elsewhere = 2
    assert REPORTING_ROOM - officers_and_elsewhere == MOST_GROUPS == 100
    assert "at most 100 of them" in OWN_CITY


def test_rules_and_statuses_are_those_of_the_code():
    from commonbeat.claims import STATUSES
    from commonbeat.evidence.cards import STATUSES as CHECKED
    from commonbeat.evidence.parameters import RULES

    assert sorted(first_column(EVIDENCE, "## A parameter")) == sorted(RULES)
    assert re.findall(r"^\* `(\w+)`:", EVIDENCE.partition("## A reading")[0], re.MULTILINE) == list(CHECKED)
    assert set(re.findall(r"^\* `([\w ]+)`:", EVIDENCE.partition("## A verdict")[2], re.MULTILINE)) == set(STATUSES)


def test_sections_of_the_report_are_told_in_its_order():
    from commonbeat.report.page import SECTIONS

    text = (DOCS / "reading-the-report.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \d\. (.+)$", text, re.MULTILINE) == [title for _, title in SECTIONS]
