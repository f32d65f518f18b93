"""BORIS projects come back byte for byte, differ only in what was added, and are refused with every mistake."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.errors import CodingError
from commonbeat.record.coding.boris import parse_boris, read_boris
from commonbeat.record.coding.bytes_of import LARGEST_BYTES
from commonbeat.record.coding.event import CodedEvent
from commonbeat.record.coding.sheet import shipped_sheet
from commonbeat.record.coding.sheet_boris import as_boris
from tests.record.coding.made import boris_document, write_boris

EVENTS = [
    [2.5, "officer 1", "approach", "to children", "slowly", 75],
    [4.0, "officer 1", "dance", "", "", 120],
    [4.0, "", "dance", "None", "child", 120],
    [9.25, "officer 1", "dance", "", "ends", 277],
    [11.125, "", "dance", "None", "", 333],
]
STYLES = [
    {"indent": None},
    {"indent": 0, "separators": (",", ":")},
    {"indent": 1, "separators": (",", ":")},
    {"indent": 2},
    {"indent": 4},
    {"indent": "\t"},
    {"separators": (",", ":")},
]


@pytest.mark.parametrize("style", STYLES)
def test_a_project_comes_back_byte_for_byte(tmp_path, style):
    path = write_boris(tmp_path / "anna.boris", boris_document(first=EVENTS), **style)
    project = read_boris(path)
    assert project.to_bytes() == path.read_bytes()
    assert project.style.written(project.document) == path.read_bytes()


@pytest.mark.parametrize("style", STYLES)
def test_after_an_addition_only_that_is_new(tmp_path, style):
    document = boris_document(first=EVENTS, second=[])
    document["observations"]["second"]["independent_variables"] = {"clip": "another"}
    path = write_boris(tmp_path / "anna.boris", document, **style)
    project = read_boris(path)
    more = project.with_events("first", [CodedEvent("", "", "dance", 20, 30, "officer 1", "", "again")])
    after = json.loads(more.to_bytes())
    events = after["observations"]["first"]["events"]
    assert [20, "officer 1", "dance", "", "again", "NA"] in events
    assert [30, "officer 1", "dance", "", "again", "NA"] in events
    after["observations"]["first"]["events"] = [event for event in events if event[4] != "again"]
    assert after == json.loads(path.read_bytes())
    assert project.to_bytes() == path.read_bytes()  # the first one is as it was
    style = more.style
    assert style.written(after) == path.read_bytes()
    assert len(parse_boris(more.to_bytes(), "anna.boris").coded().events) == len(project.coded().events) + 1


def test_numbers_that_python_would_write_otherwise_keep_their_meaning(tmp_path):
    text = json.dumps(boris_document(first=EVENTS)).replace("29.97", "29.970").replace("1e-09", "0.000000001")
    (tmp_path / "a.boris").write_text(text, encoding="utf-8")
    project = read_boris(tmp_path / "a.boris")
    assert project.to_bytes() == text.encode()
    more = project.with_events("first", [CodedEvent("", "", "approach", 1, 1)])
    before, after = json.loads(text), json.loads(more.to_bytes())
    after["observations"]["first"]["events"].pop(0)
    assert after == before


def test_marks_have_coder_clip_times_and_values(tmp_path):
    document = boris_document(first=EVENTS)
    coded = read_boris(write_boris(tmp_path / "anna.boris", document)).coded()
    assert coded.observed == (("dance off.mp4", "anna"),)
    assert coded.length_s == {"dance off.mp4": 60.0}
    assert [(each.label, each.subject, each.start_s, each.end_s) for each in coded.events] == [
        ("approach: to children", "officer 1", 2.5, 2.5),
        ("dance", "officer 1", 4.0, 9.25),
        ("dance", "", 4.0, 11.125),
    ]
    assert coded.events[1].comment == "ends"
    document["observations"]["first"]["independent_variables"] = {"Coder": "B2", "clip": "the first"}
    coded = read_boris(write_boris(tmp_path / "anna.boris", document)).coded()
    assert coded.observed == (("the first", "B2"),)


def test_a_packed_project_is_read_and_a_bomb_is_not(tmp_path):
    content = json.dumps(boris_document(first=EVENTS)).encode()
    (tmp_path / "a.boris.gz").write_bytes(gzip.compress(content))
    assert read_boris(tmp_path / "a.boris.gz").to_bytes() == content
    (tmp_path / "bomb.boris.gz").write_bytes(gzip.compress(b" " * (LARGEST_BYTES + 10)))
    with pytest.raises(CodingError, match="larger than 64 MB"):
        read_boris(tmp_path / "bomb.boris.gz")


def test_every_mistake_is_told_at_once(tmp_path):
    document = boris_document(
        first=[
            ["2", "", "approach", "", ""],
            [1.0, "", "aproach", "", ""],
            [3.0, "", "dance"],
            [True, None, "dance", "", ""],
        ]
    )
    document["behaviors_conf"]["1"]["type"] = "Event"
    document["behaviors_conf"]["2"]["code"] = "approach"
    with pytest.raises(CodingError) as caught:
        read_boris(write_boris(tmp_path / "a.boris", document))
    assert len(caught.value.mistakes) == 2
    document["behaviors_conf"] = boris_document()["behaviors_conf"]
    with pytest.raises(CodingError) as caught:
        read_boris(write_boris(tmp_path / "a.boris", document))
    told = str(caught.value)
    assert len(caught.value.mistakes) == 5
    assert "Did you mean 'approach'?" in told
    assert "observation first, event 3" in told


def test_what_begins_and_never_ends_is_refused(tmp_path):
    events = [[1.0, "", "dance", "", ""], [2.0, "officer 1", "dance", "", ""], [3.0, "", "dance", "", ""]]
    coded = read_boris(write_boris(tmp_path / "a.boris", boris_document(first=events))).coded()
    assert [str(each) for each in coded.problems] == [
        "a.boris, first, event 2: 'dance' begins at 2 s and never ends. Mark its end in BORIS."
    ]
    assert [(each.start_s, each.end_s) for each in coded.events] == [(1, 3)]


def test_observations_of_one_clip_by_one_coder_are_told_apart(tmp_path):
    document = boris_document(first=[], second=[[1.0, "", "approach", "", ""]], third=[])
    document["observations"]["third"]["independent_variables"] = {"coder": "bo"}
    coded = read_boris(write_boris(tmp_path / "a.boris", document)).coded()
    assert coded.observed == (("dance off.mp4, first", "a"), ("dance off.mp4, second", "a"), ("dance off.mp4", "bo"))
    assert coded.events[0].clip == "dance off.mp4, second"
    assert "observed dance off.mp4 2 times" in coded.warnings[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"not json", "is not JSON"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b"[1, 2]", "no BORIS project"),
        (b'{"observations": {}}', "no BORIS project"),
        (b'{"observations": {}, "behaviors_conf": {}}', "project format none"),
        (b'{"observations": {}, "behaviors_conf": {}, "project_format_version": "99.0"}', "formats 4 to 8 are known"),
        (b'{"observations": {}, "observations": {}, "behaviors_conf": {}}', "stands twice"),
        (b'{"observations": NaN, "behaviors_conf": {}}', "NaN is not a number"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"observations": {}, "behaviors_conf": ' + b"[" * 150 + b"]" * 150 + b"}", "more than 100 levels deep"),
        (b'{"observations": [], "behaviors_conf": [], "project_format_version": "7.0"}', "is not a table"),
        (b"\x1f\x8b\x00broken", "damaged gzip"),
    ],
)
def test_what_is_no_project_is_refused(tmp_path, content, told):
    (tmp_path / "a.boris").write_bytes(content)
    with pytest.raises(CodingError, match=told):
        read_boris(tmp_path / "a.boris")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(CodingError, match="does not exist"):
        read_boris(tmp_path / "none.boris")
    with pytest.raises(CodingError, match="is not a file"):
        read_boris(tmp_path)


def test_unknown_codes_and_observations_are_not_added(tmp_path):
    project = read_boris(write_boris(tmp_path / "a.boris", boris_document(first=EVENTS)))
    with pytest.raises(CodingError) as caught:
        project.with_events("frist", [CodedEvent("", "", "dnace", 5, 4)])
    assert len(caught.value.mistakes) == 3
    assert "Did you mean 'first'?" in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(
    extra=st.dictionaries(st.text(min_size=1), json_values, max_size=4),
    style=st.sampled_from(STYLES),
    ascii_only=st.booleans(),
)
def test_whatever_else_stands_in_a_project_survives(extra, style, ascii_only):
    document = {**extra, **boris_document(first=EVENTS)}
    content = json.dumps(document, ensure_ascii=ascii_only, **style).encode("utf-8", "surrogatepass")
    project = parse_boris(content, "a.boris")
    assert project.to_bytes() == content
    again = json.loads(project.with_events("first", [CodedEvent("", "", "approach", 50, 50)]).to_bytes())
    again["observations"]["first"]["events"].pop()
    assert again == json.loads(content)


def test_the_sheet_becomes_an_ethogram():
    sheet = shipped_sheet("clips")
    project = parse_boris(as_boris(sheet), "sheet.boris")
    assert project.codes == tuple(code.name for code in sheet.codes)
    assert project.states == {code.name for code in sheet.codes if code.kind == "stretch"}
    respect = project.document["behaviors_conf"]["7"]
    assert respect["modifiers"]["0"]["values"] == ["-2", "-1", "0", "1", "2"]
    assert respect["key"] == "r"
    subjects = list(project.document["subjects_conf"].values())
    names, keys = ([each[word] for each in subjects] for word in ("name", "key"))
    assert {"officer", "child", "adult", "officer 1", "child 4"} <= set(names)
    assert len({*keys}) == len(keys)
    assert not {*keys} & {code.key for code in sheet.codes}
    many = tuple(f"child {number}" for number in range(1, 41))
    subjects = list(parse_boris(as_boris(sheet, many), "sheet.boris").document["subjects_conf"].values())
    assert [each["name"] for each in subjects] == [*many, "officer", "child", "adult"]
    assert subjects[-1]["key"] == ""


def test_marks_out_of_order_are_read_in_the_order_of_time(tmp_path):
    events = [
        [5.0, "", "dance", "", ""],
        [9.0, "", "dance", "", ""],
        [7.0, "", "dance", "", ""],
        [1.0, "", "dance", "", ""],
    ]
    coded = read_boris(write_boris(tmp_path / "a.boris", boris_document(first=events))).coded()
    assert [(each.start_s, each.end_s) for each in coded.events] == [(1, 5), (7, 9)]


@pytest.mark.parametrize(("before", "after"), [(b"\xef\xbb\xbf", b""), (b"", b"\n"), (b"", b"\r\n \n")])
def test_what_surrounds_the_document_stays_after_an_addition(before, after):
    inner = json.dumps(boris_document(first=EVENTS), indent=1).encode()
    more = parse_boris(before + inner + after, "a.boris").with_events("first", [CodedEvent("", "", "approach", 70, 70)])
    assert more.to_bytes().startswith(before + b"{\n ")
    assert more.to_bytes().endswith(b"}" + after)


def test_a_stretch_that_overlaps_one_of_the_same_subject_is_refused(tmp_path):
    document = boris_document(first=EVENTS)
    document["subjects_conf"]["1"] = {"key": "c", "name": "child 1", "description": ""}
    project = read_boris(write_boris(tmp_path / "a.boris", document))
    for start_s, end_s in ((8.0, 12.0), (5.0, 5.0), (1.0, 4.5)):
        with pytest.raises(CodingError, match=r"overlaps the mark from 4 to 9\.25 s"):
            project.with_events("first", [CodedEvent("", "", "dance", start_s, end_s, "officer 1")])
    stretches = [CodedEvent("", "", "dance", *times, "officer 1") for times in ((1.0, 4.0), (9.25, 12.0))]
    other = CodedEvent("", "", "dance", 8.0, 12.0, "child 1")
    more = project.with_events("first", [*stretches, other]).coded().events
    kept = {(each.code, each.start_s, each.end_s, each.subject) for each in project.coded().events}
    assert kept < {(each.code, each.start_s, each.end_s, each.subject) for each in more}
    assert len(more) == len(kept) + 3


def test_a_moment_goes_into_a_project_with_an_unfinished_stretch_and_a_stretch_does_not(tmp_path):
    project = read_boris(write_boris(tmp_path / "a.boris", boris_document(first=EVENTS[:2])))
    assert len(project.with_events("first", [CodedEvent("", "", "approach", 20, 20)]).coded().events) == 2
    with pytest.raises(CodingError, match="never ends"):
        project.with_events("first", [CodedEvent("", "", "dance", 20, 30, "officer 1")])


def test_windows_ends_of_lines_stay_after_an_addition():
    content = json.dumps(boris_document(first=EVENTS), indent=2).replace("\n", "\r\n").encode()
    project = parse_boris(content, "a.boris")
    more = project.with_events("first", [CodedEvent("", "", "approach", 100, 100)]).to_bytes()
    assert set(content.split(b"\r\n")) - set(more.split(b"\r\n")) <= {b"        ]"}
    assert more.count(b"\n") == more.count(b"\r\n") == content.count(b"\n") + 8


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [('"time offset": 0.0', '"time offset": 1e400', "too large"), ("2.5", "9" * 400, "is not a time in seconds")],
)
def test_numbers_that_no_float_holds_are_refused(old, new, told):
    text = json.dumps(boris_document(first=EVENTS)).replace(old, new, 1)
    with pytest.raises(CodingError, match=told):
        parse_boris(text.encode(), "a.boris")


def test_odd_lengths_and_films_are_no_crash():
    document = boris_document(first=EVENTS)
    film = document["observations"]["first"]["file"]["1"][0]
    for length in (int("9" * 400), True, -1, "long", None):
        document["observations"]["first"]["media_info"]["length"] = {film: length}
        assert parse_boris(json.dumps(document).encode(), "a.boris").coded().length_s == {}
    document["observations"]["first"]["file"]["1"] = [["a"]]
    assert parse_boris(json.dumps(document).encode(), "a.boris").coded().length_s == {}


@pytest.mark.parametrize(
    ("clip", "coder", "told"),
    [("other.mp4", "", "is another clip than dance off.mp4"), ("", "ann", "is another coder than bo")],
)
def test_marks_of_another_clip_or_coder_are_refused(clip, coder, told):
    document = boris_document(first=EVENTS, second=EVENTS)
    document["observations"]["first"]["independent_variables"] = {"coder": "bo"}
    project = parse_boris(json.dumps(document).encode(), "a.boris")
    with pytest.raises(CodingError, match=told) as caught:
        project.with_events("first", [CodedEvent(clip, coder, "approach", 20, 20)])
    assert "--observation" in str(caught.value)
    assert "--coder" in str(caught.value)
    assert project.with_events("first", [CodedEvent("dance off", "BO", "approach", 20, 20)]).coded().events
    assert project.with_events("second", [CodedEvent("", "ann", "approach", 20, 20)], "ann").coded().events
    with pytest.raises(CodingError, match="is another coder than a,"):
        project.with_events("second", [CodedEvent("", "ann", "approach", 20, 20)])


def test_subjects_and_modifiers_that_the_project_lacks_are_refused():
    document = boris_document(first=EVENTS)
    document["behaviors_conf"]["0"]["modifiers"] = {
        "0": {"name": "whom", "type": 0, "values": ["to children (c)", "to officer (o)"]},
        "1": {"name": "how", "type": 1, "values": ["fast", "loud"]},
        "2": {"name": "steps", "type": 2, "values": []},
    }
    project = parse_boris(json.dumps(document).encode(), "a.boris")
    good = ("to children|fast,loud|3", "to officer", "None|None|None", "")
    events = [CodedEvent("", "", "approach", 20, 20, "officer 1", value) for value in good]
    assert len(project.with_events("first", events).coded().events) == len(project.coded().events) + len(good)
    bad = ("to childen", "to children|slow", "to children|fast|many", "to children|fast|3|4")
    events = [CodedEvent("", "", "approach", 20, 20, "oficer 1", value) for value in bad]
    with pytest.raises(CodingError) as caught:
        project.with_events("first", [*events, CodedEvent("", "", "dance", 50, 51, "", "wild")])
    told = str(caught.value)
    assert len(caught.value.mistakes) == 2 * len(bad) + 1
    for words in (
        "Did you mean 'officer 1'?",
        "Did you mean 'to children'?",
        "'slow' is not a modifier of approach",
        "'many' is not a number",
        "has 4 modifiers, and approach has 3",
        "'wild' is a modifier, and dance has none",
    ):
        assert words in told
