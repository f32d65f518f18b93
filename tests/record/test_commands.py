"""The commands that keep records, as a person types them."""

from __future__ import annotations

import itertools
import json
import tomllib

import pytest

from commonbeat.cli import run
from commonbeat.record import load_record
from commonbeat.workflows.record_files import shipped_record
from tests.record.examples import a_consent, a_record
from tests.record.files import written
from tests.record.test_keeping import desk  # noqa: F401 - a fixture


@pytest.fixture
def said(capsys):
    """Gives a command and returns its exit code, and what it printed on either side."""

    def give(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(["record", *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return give


def test_the_way_of_a_record_through_the_commands(said, tmp_path):
    assert said("new", "--example", "--out", "dance.toml") == (0, "dance.toml\n", "")
    code, out, _ = said("check", "dance.toml")
    assert code == 0
    assert "dance-off-encounter: sound, INVENTED" in out
    assert "consent allows: analyse, keep, show, share, until 2036-06-15" in out
    code, out, _ = said("import", "dance.toml")
    assert (code, out.splitlines()[0]) == (0, "dance-off-encounter: kept")
    assert "remembered, so that a withdrawal deletes it too: dance.toml" in out
    code, out, _ = said("list")
    assert code == 0
    assert "dance-off-encounter" in out
    assert said("export", "--to", "out.csv")[:2] == (0, "out.csv: 1 shared\n")
    code, out, _ = said("log")
    assert [word in out for word in ("import", "export", "derivative")] == [True] * 3
    assert said("check")[0] == 0
    code, out, _ = said("withdraw", "dance-off-encounter", "--dry-run")
    assert out.splitlines() == [
        "would be withdrawn: dance-off-encounter",
        "would be deleted: dance.toml",
        "would be deleted: out.csv",
    ]
    code, out, _ = said("withdraw", "dance-off-encounter")
    assert (code, out.splitlines()) == (
        0,
        ["dance-off-encounter: withdrawn; its content is deleted", "deleted: dance.toml", "deleted: out.csv"],
    )
    assert [path.name for path in tmp_path.iterdir()] == ["commonbeat.sqlite3"]


def test_json_is_one_document(said, tmp_path):
    written(tmp_path, a_record(), "a.json")
    found = {}
    for words in (
        ("new", "--example", "--json"),
        ("check", "a.json", "--json"),
        ("import", "a.json", "--json"),
        ("check", "--json"),
        ("list", "--json"),
        ("export", "--json"),
        ("export", "--to", "b.toml", "--json"),
        ("log", "--json"),
        ("withdraw", "pavement", "--dry-run", "--json"),
        ("schema",),
        ("schema", "--consent"),
    ):
        code, out, _ = said(*words)
        assert code == 0, words
        found[" ".join(words)] = json.loads(out)
    assert found["check a.json --json"]["records"][0]["unconfirmed"] == ["when.duration_minutes"]
    assert found["export --json"][0]["identifier"] == "pavement"
    assert found["export --to b.toml --json"]["shared"] == ["pavement"]
    assert found["list --json"][0]["derivatives"] == 1
    assert [each["act"] for each in found["log --json"]] == ["import", "derivative", "export", "export", "derivative"]
    assert found["withdraw pavement --dry-run --json"]["deleted"] == ["a.json", "b.toml"]
    code, out, _ = said("withdraw", "pavement", "--json")
    assert json.loads(out)["unreached"] == []


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("check", "nothing.toml"), 2, "nothing.toml: cannot be read: no such file"),
        (("check", "officer.json"), 2, "may not collect a child's consent"),
        (("check", "answers.json"), 2, "may not collect a child's answers"),
        (("import", "officer.json"), 2, "may not collect a child's consent"),
        (("import", "silent.json"), 2, "needs 'keep' from everybody visible"),
        (("list",), 2, "There is no store yet"),
        (("withdraw", "pavement"), 2, "There is no store yet"),
        (("export",), 2, "There is no store yet"),
        (("new", "--out", "officer.json"), 2, "exists already"),
        (("new", "--date", "tomorrow"), 2, "when.date: 'tomorrow' is not a day"),
        (("new", "--children", "-1", "--officers", "0"), 2, "people.1.count: -1 is below 0"),
        (("import", "fine.json", "--database", "nowhere"), 2, "is no address"),
    ],
)
def test_what_is_refused(said, tmp_path, words, exit_code, told):
    officer = a_record()
    officer["consent"]["permissions"][0]["collected_by"] = "officer"
    answers = a_record()
    answers["tone"]["by_those_present"][0]["collected_by"] = "officer"
    silent = a_record()
    silent["consent"]["permissions"] = []
    for name, tree in (("officer", officer), ("answers", answers), ("silent", silent), ("fine", a_record())):
        written(tmp_path, tree, f"{name}.json")
    code, out, err = said(*words)
    assert (code, out) == (exit_code, "")
    assert told in err
    assert not (tmp_path / "commonbeat.sqlite3").exists()


def test_what_could_not_be_reached_ends_with_one(said, tmp_path):
    path = written(tmp_path, a_record(), "a.json")
    said("import", "a.json")
    path.unlink()
    code, out, err = said("withdraw", "pavement")
    assert code == 1
    assert "withdrawn; its content is deleted" in out
    assert "a.json: is not there any more: it may have been moved" in err
    assert said("withdraw", "pavement", "--forget")[0] == 0
    assert said("check")[0] == 0


def test_what_is_left_out_of_an_export_is_told(said, tmp_path):
    consent = {key: value for key, value in a_consent(scope=["analyse", "keep"]).items() if key != "schema"}
    written(tmp_path, a_record(consent=consent), "a.json")
    said("import", "a.json")
    code, out, err = said("export", "--to", "out.csv")
    assert (code, out) == (0, "")
    assert "left out, 1: not everybody visible agreed to 'share'" in err
    assert "child 2: the child's own assent does not name 'share'" in err
    assert not (tmp_path / "out.csv").exists()


def test_a_project_is_named(said, tmp_path):
    written(tmp_path, a_record(), "a.json")
    assert said("import", "a.json", "--project", "town")[0] == 0
    assert (tmp_path / "town" / "commonbeat.sqlite3").exists()
    assert said("withdraw", "pavement", "--project", "town")[0] == 0
    assert not (tmp_path / "a.json").exists()


def test_a_new_form_is_sound_says_what_each_line_means_and_allows_nothing(said, tmp_path):
    code, _, _ = said(
        "new",
        "--out",
        "a.toml",
        "--children",
        "2",
        "--date",
        "2026-06-13",
        "--activity",
        "dancing",
        "--title",
        "A dance",
    )
    assert code == 0
    text = (tmp_path / "a.toml").read_text(encoding="utf-8")
    encounter = load_record(tmp_path / "a.toml")
    assert (str(encounter.when.date), encounter.course.activity, encounter.consent.visible.child) == (
        "2026-06-13",
        "dancing",
        2,
    )
    lines = text.splitlines()
    assert "Known: true, false (without quotes)." in text
    for before, line in itertools.pairwise(lines):
        if " = " in line and not line.startswith(("#", "schema")):
            assert before.startswith("# "), line
    code, out, _ = said("check", "a.toml")
    assert "consent allows: nothing" in out
    assert out.count("not asked yet") == 5


def test_the_form_can_be_filled_in_by_taking_the_marks_off(said, tmp_path):
    said("new", "--out", "a.toml", "--title", "Children dance")
    lines = (tmp_path / "a.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("#", next(place for place, line in enumerate(lines) if line.startswith("# Fill in and copy")))
    filled = [*lines[:start], *(line.removeprefix("# ").removeprefix("#") for line in lines[start:])]
    text = "\n".join(filled)
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    code, _, err = said("check", "a.toml")
    assert code == 2, "marks alone are nobody's consent"
    assert err.count("nobody asked yet") + err.count("is not a list") >= 12
    for key, value in (
        ("scope", '["keep"]'),
        ("collected_by", '"school"'),
        ("given_on", "2026-06-15"),
        ("expires_on", "2036-06-15"),
    ):
        text = text.replace(f'{key} = "nobody asked yet"', f"{key} = {value}")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    assert len(load_record(tmp_path / "a.toml").consent.permissions) == 3


def test_a_form_does_not_say_that_nobody_stood_by(said, tmp_path):
    said("new", "--out", "a.toml", "--title", "Children dance")
    assert any(row.part == "stood by" and row.count is None for row in load_record(tmp_path / "a.toml").people or ())


def test_a_printed_form_is_the_same_as_one_in_a_file(said):
    code, out, _ = said("new", "--identifier", "one-word", "--children", "0", "--adults", "3")
    assert code == 0
    assert tomllib.loads(out)["consent"]["visible"] == {"officer": 1, "child": 0, "adult": 3}


def test_the_example_fills_every_field_and_says_that_it_is_invented(said):
    from commonbeat.record.kinds import rows_of
    from commonbeat.record.parts import After, Course, Tone

    text = shipped_record("dance-off-encounter").read_text(encoding="utf-8")
    assert "INVENTED" in text
    tree = tomllib.loads(text)
    for name, model in (("course", Course), ("tone", Tone), ("after", After)):
        assert set(tree[name]) == set(model.model_fields)
        for field, value in tree[name].items():
            row = rows_of(model.model_fields[field].annotation)
            assert row is None or all(set(each) <= set(row.model_fields) for each in value)


def test_help_names_every_command_and_loads_nothing_heavy():
    import subprocess
    import sys

    heavy = {"sqlalchemy", "alembic", "pydantic", "polars", "numpy"}
    code = "import sys; from commonbeat.cli import run; run(['record', '--help']); print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not heavy & set(made.stderr.replace("'", " ").replace(",", " ").split())
    for command in ("new", "check", "import", "export", "withdraw", "list", "log", "schema"):
        assert f" {command} " in made.stdout
