"""A record is the same in TOML, JSON and CSV, and every mistake in a file is told at once, in its place."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib

import pytest
from hypothesis import given, settings

from commonbeat.errors import RecordError
from commonbeat.record import load_record, load_records, plain_record, record_toml
from commonbeat.record.table import guarded, table_text
from tests.record.examples import a_consent, a_record, permission
from tests.record.files import read, written
from tests.record.made import records


def mistakes(folder, tree: dict, name: str = "record.json") -> dict[str, str]:
    with pytest.raises(RecordError) as caught:
        load_records(written(folder, tree, name))
    assert caught.value.exit_code == 2
    return {each.place: str(each) for each in caught.value.mistakes}


def with_value(place: str, value: object) -> dict:
    """The example with one value changed, at a place such as tone.by_coders.1.mean."""
    tree = json.loads(json.dumps(a_record()))
    *path, last = place.split(".")
    here = tree
    for part in path:
        here = here[int(part) - 1] if part.isdecimal() else here[part]
    here[int(last) - 1 if last.isdecimal() else last] = value
    return tree


@settings(max_examples=40, deadline=None)
@given(records())
def test_a_record_reads_back_the_same_from_every_kind_of_file(tmp_path_factory, encounter):
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "a.toml").write_text(record_toml(encounter), encoding="utf-8")
    (folder / "b.json").write_text(json.dumps(plain_record(encounter)), encoding="utf-8")
    (folder / "c.csv").write_text(table_text([plain_record(encounter)]), encoding="utf-8", newline="")
    for name in ("a.toml", "b.json", "c.csv"):
        assert load_record(folder / name) == encounter, name


@settings(max_examples=8, deadline=None)
@given(records("first"), records("second"), records("third"))
def test_many_records_are_one_table(tmp_path_factory, first, second, third):
    encounters = (first, second, third)
    path = tmp_path_factory.mktemp("many") / "records.csv"
    path.write_text(table_text(map(plain_record, encounters)), encoding="utf-8", newline="")
    assert load_records(path).encounters == encounters


@settings(max_examples=20, deadline=None)
@given(records())
def test_no_cell_of_a_table_is_a_formula(encounter):
    cells = [cell for row in csv.reader(io.StringIO(table_text([plain_record(encounter)]))) for cell in row]
    risky = [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    risky += [cell for cell in cells if cell.startswith("-") and not re.fullmatch(r"-[0-9.]+(e-?[0-9]+)?", cell)]
    assert not risky


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@sum", "'quoted", " =1", "\t=1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_guarded(tmp_path, cell):
    assert guarded(cell) == f"'{cell}"
    assert guarded("-2.5") == "-2.5"
    if cell.isprintable():
        encounter = read(tmp_path, a_record(title=cell if "@" not in cell else "=@"))
        path = tmp_path / "t.csv"
        path.write_text(table_text([plain_record(encounter)]), encoding="utf-8")
        assert load_record(path).title == encounter.title


WRONG = {
    "identifier": ("Dance Off", "3 to 64 small letters"),
    "title": ("", "shorter than 1 character"),
    "invented": ("yes", "neither true nor false"),
    "when.date": ("13 June", "is not a day"),
    "when.hour": (24, "is above 23"),
    "when.duration_minutes": (-1, "is below 0"),
    "where.place": ("x" * 201, "longer than 200"),
    "where.setting": ("parc", "Did you mean 'park'?"),
    "people.1.role": ("policeman", "Known: adult, child, officer."),
    "people.1.part": ("watched", "Known: stood by, took part."),
    "people.1.count": (2.5, "is not a whole number"),
    "people.1.self_described_group": (7, "is not text"),
    "course.authenticity": ("genuine", "Known: planned, spontaneous, staged."),
    "course.began_as": ("stopp", "Did you mean 'stop'?"),
    "course.came_closer": ("cop", "is not a word that is known"),
    "course.joins": ("officer", "is not a list"),
    "course.joins.1.who": ("nobody", ""),
    "course.joins.1.count": (0, "is below 1"),
    "course.joins.1.at_seconds": (-3, "is below 0"),
    "course.invited": ("maybe", "neither true nor false"),
    "course.intent_stated": (1, "neither true nor false"),
    "course.could_leave": ("no", "neither true nor false"),
    "course.activity": ("", "shorter than 1"),
    "course.led_by": ("kids", "is not a word that is known"),
    "course.cultural_form": ("a\u0007b", "cannot be printed"),
    "course.cultural_form_of": ("him", "is not a word that is known"),
    "course.cultural_form_credited": (0, "neither true nor false"),
    "tone.by_those_present": ({}, "is not a list"),
    "tone.by_those_present.1.judged_by": ("parent", "is not a word that is known"),
    "tone.by_those_present.1.collected_by": ("officer", "may not collect a child's answers"),
    "tone.by_coders.1.scale_low": (9, ""),
    "tone.by_coders.1.neutral": (5, "lies off the scale"),
    "tone.by_coders.1.mean": (-2.1, "lies off the scale"),
    "tone.by_coders.1.sd": (40, "is larger than answers from -2 to 2 can have"),
    "tone.by_coders.1.n": (0, "is below 1"),
    "tone.by_coders.1.judged_by": ("child", "was there"),
    "tone.by_coders.1.collected_by": ("officer", ""),
    "after.followed": (["nothing", "talk"], 'holds "nothing" beside something'),
    "after.followed.1": ("applause", "is not a word that is known"),
    "after.note": ("", "shorter than 1"),
    "after.acquaintances.1.pairs": (-1, "is below 0"),
    "after.acquaintances.1.with_role": ("aunt", "is not a word that is known"),
    "clip.filmed": ("y", "neither true nor false"),
    "clip.filmed_by": ("nobody", "contradicts clip.filmed = true"),
    "clip.posted": (2, "neither true nor false"),
    "clip.posted_by": ("nobody", "contradicts clip.posted = true"),
    "clip.posted_on": ("2026-05-31", "lies before the encounter"),
    "clip.sha256": ("abc", "64 hexadecimal"),
    "note": (3, "is not text"),
    "consent": ("missing.toml", "no such file"),
    "consent.encounter": ("other-one", "is not this encounter"),
    "consent.visible.child": (1, "fewer than the 2 who took part"),
    "consent.permissions.1.collected_by": ("officer", "may not collect a child's consent"),
    "sources": ([], "is not a table"),
}
ELSEWHERE = {
    "course.joins.1.who": ("course.joins.1", "joins nobody"),
    "tone.by_coders.1.collected_by": ("tone.by_coders.1.judged_by", "must be known where an officer asked"),
    "tone.by_coders.1.scale_low": ("tone.by_coders.1.scale_high", "is not above scale_low"),
    "consent.visible.child": ("consent.visible.child", "fewer than the 2 who took part"),
}


@pytest.mark.parametrize("place", sorted(WRONG))
def test_every_field_has_its_mistake(tmp_path, place):
    value, rule = WRONG[place]
    where, rule = ELSEWHERE.get(place, (place, rule))
    tree = with_value(place, value)
    if place == "tone.by_coders.1.collected_by":
        tree["tone"]["by_coders"][0]["judged_by"] = "unknown"
    assert rule in mistakes(tmp_path, tree)[where]


def test_every_field_of_a_record_has_a_mistake_above(tmp_path):
    from commonbeat.record.places import leaves

    tree = plain_record(read(tmp_path, a_record()))
    fields = {place for place, _ in leaves(tree) if not place.startswith(("consent", "sources", "schema"))}
    fields = {".".join("1" if part.isdecimal() else part for part in place.split(".")) for place in fields}
    # Both views of the tone have rows of one model, and so have the two sides of an acquaintance or of joining.
    same = {each.replace("by_coders", "by_those_present") for each in WRONG} | {
        each.replace("by_those_present", "by_coders") for each in WRONG
    }
    same |= {"course.joins.1.whom", "after.acquaintances.1.role"}
    ends = {f"tone.{view}.1.scale_high" for view in ("by_those_present", "by_coders")}
    assert fields - set(WRONG) - same == ends


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path):
    tree = with_value("when.hour", 24)
    tree["course"]["led_by"] = "kids"
    tree["clip"]["posted_by"] = "nobody"
    tree["officer_name"] = "x"
    tree["badge"] = 1
    tree["people"][0]["name"] = "x"
    tree["consent"]["permissions"][0]["collected_by"] = "officer"
    del tree["title"]
    told = mistakes(tmp_path, tree)
    assert set(told) == {
        "when.hour",
        "course.led_by",
        "clip.posted_by",
        "officer_name",
        "badge",
        "people.1.name",
        "consent.permissions.1.collected_by",
        "title",
    }
    assert "would point at a person" in told["badge"]
    assert "would point at a person" in told["people.1.name"]


@pytest.mark.parametrize(
    "text",
    [
        "Officer Miller came",
        "Ask Mrs. Lee",
        "badge 1234",
        "call 612-555-0100 12",
        "see https://x.org",
        "by @dancer",
        "a.b@c.org",
        "Plate no. 77",
        "unit 321",
        "Officer O'Brien Joins Dance",
        "Sgt. Ávila",
        "Detective Sergeant Miller",
        "Officer Williams Joins Dance",
        "612 555 2019 3",
    ],
)
def test_words_that_point_at_a_person_are_refused(tmp_path, text):
    for place in ("note", "title", "after.note", "course.activity", "people.1.self_described_group"):
        assert "holds" in mistakes(tmp_path, with_value(place, text))[place]
    assert "holds" in mistakes(tmp_path, with_value("consent.note", text))["consent.note"]


@pytest.mark.parametrize("place", ["Dr. Martin Luther King Jr. Park", "Miss Evers Playground"])
def test_a_place_may_have_a_name_of_its_own(tmp_path, place):
    assert read(tmp_path, with_value("where.place", place)).where.place == place
    assert "holds" in mistakes(tmp_path, with_value("where.place", "Behind Mr. Miller's house"))["where.place"]
    assert "holds" in mistakes(tmp_path, with_value("note", place))["note"]


def test_how_sure_somebody_is_holds_no_name_either(tmp_path):
    tree = with_value(
        "sources", {"when.hour": {"source": "person", "confirmed": True, "uncertainty": "ask Mr. Miller"}}
    )
    assert "name" in mistakes(tmp_path, tree)["sources.when.hour.uncertainty"]


def test_who_asked_children_must_be_known(tmp_path):
    tree = with_value("tone.by_those_present.1.collected_by", "unknown")
    assert "must be known where children" in mistakes(tmp_path, tree)["tone.by_those_present.1.collected_by"]


@pytest.mark.parametrize(
    "text",
    [
        "The officer danced, 20 minutes long",
        "4th of July party",
        "8 children, 25 bystanders",
        "On 2026-06-13 20 children came",
        "Officer Joins Dance",
        "Sergeant Hugs Boy, Officer Dances With Children",
        "Unit 4",
        "In 2019 2020 2021 2022 they met",
        "school years 2019-20 2020-21 2021-22",
        "13.06.2026 16:20 to 14.06.2026",
    ],
)
def test_ordinary_words_are_not(tmp_path, text):
    assert read(tmp_path, a_record(note=text)).note == text


def test_a_record_needs_its_version_and_consent(tmp_path):
    tree = a_record()
    del tree["schema"], tree["consent"]
    assert set(mistakes(tmp_path, tree)) == {"schema", "consent"}
    assert "is newer" in mistakes(tmp_path, a_record(schema=2))["schema"]


def test_unknown_is_written_in_any_field_that_may_be(tmp_path):
    bare = {key: a_record()[key] for key in ("schema", "identifier", "title", "invented", "consent")}
    encounter = read(tmp_path, bare)
    text = record_toml(encounter)
    assert text.count('= "unknown"') > 25
    assert (
        read(
            tmp_path,
            tomllib.loads(text.replace("= 2026-06-01", '= "2026-06-01"').replace("= 2028-06-01", '= "2028-06-01"')),
        )
        == encounter
    )


def test_nothing_of_the_kind_is_not_unknown(tmp_path):
    nothing = read(tmp_path, with_value("course.joins", []))
    assert nothing.course.joins == ()
    assert read(tmp_path, with_value("course.joins", "unknown")).course.joins is None
    table = table_text([plain_record(nothing)])
    assert dict(zip(*csv.reader(io.StringIO(table)), strict=True))["course.joins"] == "none"


def test_consent_may_stand_in_a_file_beside_the_record(tmp_path):
    written(tmp_path, a_consent(), "CONSENT.json")
    record = load_records(written(tmp_path, a_record(consent="CONSENT.json")))
    assert record.encounters == (read(tmp_path, a_record()),)
    assert record.consent_files == {"pavement": tmp_path / "CONSENT.json"}
    written(tmp_path, a_consent(permissions=[permission("child 1", collected_by="officer")]), "CONSENT.json")
    told = mistakes(tmp_path, a_record(consent="CONSENT.json"))
    assert "may not collect" in told["consent.permissions.1.collected_by"]


def test_sources_are_those_of_fields_with_values(tmp_path):
    source = {"source": "instrument", "uncertainty": -1, "confirmed": False}
    told = mistakes(
        tmp_path, a_record(sources={"when.minutes": source, "consent.visible": source, "people.1.count": source})
    )
    assert "is the source of a field without a value" in told["sources.when.minutes"]
    assert "has no source of its own" in told["sources.consent.visible"]
    assert "is below 0" in told["sources.people.1.count.uncertainty"]
    assert read(tmp_path, a_record(sources={"tone.by_coders": {**source, "uncertainty": "half a point"}})).unconfirmed()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("schema,schema\n1,1\n", "twice"),
        ("schema,\n1,1\n", "without a name"),
        ("schema;identifier;title\n1;a-word;A dance\n", "has semicolons"),
        ("schema,title\n", "no row"),
        ("schema,title\n1\n", "1 cells in line 2"),
        ('schema,title\n1,"a', "is not CSV"),
        ("schema,when,when.hour\n1,now,3\n", "and below it"),
        ("schema,when.hour,when\n1,3,now\n", "and below it"),
    ],
)
def test_what_is_no_table(tmp_path, text, rule):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=rule):
        load_records(tmp_path / "t.csv")


def test_mistakes_of_a_table_name_the_row(tmp_path):
    text = table_text([plain_record(read(tmp_path, a_record()))]).replace(",16,", ",61,")
    (tmp_path / "t.csv").write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        load_records(tmp_path / "t.csv")
    assert [each.place for each in caught.value.mistakes] == ["row 2: when.hour", "row 3: when.hour"]


def test_the_same_record_twice_in_a_file(tmp_path):
    assert "stands there twice" in mistakes(tmp_path, [a_record(), a_record()])["2: identifier"]


def test_the_schema_of_a_file_takes_the_example_and_names_every_key(tmp_path):
    from commonbeat.workflows.record_schema import describe_consent, describe_record

    schema = describe_record()
    assert set(schema["properties"]) == set(plain_record(read(tmp_path, a_record()))) | {"note"}
    assert "nobody_real" not in json.dumps([schema, describe_consent()])
    assert '{"type": "null"}' not in json.dumps(schema)
