"""Somebody's own society: what it becomes, and every kind of mistake in it."""

from __future__ import annotations

import polars as pl
import pytest

from commonbeat.errors import SocietyError
from commonbeat.society import load_society
from tests.society.folders import PEOPLE, PLACES, TIES, write_folder


def ids_tied_to(society, ties, person):
    row = society.row_of(person)[0]
    return sorted(society.people.id[ties.row(row)].tolist())


def test_a_folder_becomes_a_society(tmp_path):
    society = load_society(write_folder(tmp_path))
    assert society.groups == ("Black", "White", "Blue")
    assert [place.name for place in society.places] == ["North", "South", "Elsewhere"]
    assert [place.residents for place in society.places] == [3, 1, 0]
    assert society.places[0].latitude == 45.1
    assert ids_tied_to(society, society.friends.core, 1) == [3]
    assert ids_tied_to(society, society.friends, 1) == [3, 5]
    assert ids_tied_to(society, society.household, 1) == [2]
    assert ids_tied_to(society, society.followers, 1) == [5, 9]
    assert society.people.weight[society.row_of(9)][0] == 400
    assert society.officers_by_place.degrees.tolist() == [0, 1, 0]


def test_events_become_stops_as_recorded(tmp_path):
    stops = load_society(write_folder(tmp_path)).stops
    assert stops.kinds == ("traffic", "walk")
    assert stops.by_place[:, stops.categories.index("Unknown")].tolist() == [0, 1, 0]
    assert stops.by_day[[0, 364]].tolist() == [1, 1]
    assert stops.by_hour[[0, 12]].tolist() == [1, 1]


def test_parquet_gives_the_same_society(tmp_path):
    folder = write_folder(tmp_path / "csv")
    other = tmp_path / "parquet"
    other.mkdir()
    for name in ("people", "ties", "events", "places"):
        pl.read_csv(folder / f"{name}.csv").write_parquet(other / f"{name}.parquet")
    one, two = load_society(folder), load_society(other)
    assert one.people.id.tolist() == two.people.id.tolist()
    assert one.friends.targets.tolist() == two.friends.targets.tolist()
    assert one.account == two.account


def test_what_is_not_given_is_assumed_and_said(tmp_path):
    people = "id,group,place\n7,Black,North\n8,Blue,North\n"
    ties = "source,target,layer\n7,8,household\n"
    society = load_society(write_folder(tmp_path, people=people, ties=ties, events=None, places=None))
    lines = {line.name: line for line in society.account}
    assert society.people.household[0] == society.people.household[1]
    assert society.people.starting_trust.tolist() == pytest.approx([-0.709, 0.0])
    assert lines["rows without age band"].status == "assumed"
    assert lines["recorded police stops"].status == "missing"
    assert lines["follows"].status == "missing"


def test_differences_from_given_shares_are_told(tmp_path):
    society = load_society(write_folder(tmp_path))
    line = next(line for line in society.account if line.name.startswith("largest difference"))
    assert line.status == "unmatched"
    assert line.value == pytest.approx(2 / 3 - 0.66, abs=1e-6)


def test_a_blank_line_at_the_end_is_forgiven(tmp_path):
    assert len(load_society(write_folder(tmp_path, people=PEOPLE + "\n\r\n")).people) == 6


def test_what_cannot_be_measured_has_no_line(tmp_path):
    people = "id,group,place\n7,Blue,North\n8,Blue,North\n"
    ties = "source,target,layer\n7,8,friend\n8,7,follow\n"
    society = load_society(write_folder(tmp_path, people=people, ties=ties, events=None, places=None))
    names = [line.name for line in society.account]
    assert "core ties per person" in names
    assert "follows" in names
    assert not any("assortativity" in name for name in names)


def test_byte_order_mark_and_spaces_are_forgiven(tmp_path):
    people = b"\xef\xbb\xbf" + PEOPLE.replace("1,Black,North", " 1 , Black,North ").encode()
    assert len(load_society(write_folder(tmp_path, people=people)).people) == 6


MISTAKES = {
    "nobody": ({"ties": TIES + "1,77,friend\n"}, "ties.csv, line 9, target: '77' is nobody's id"),
    "itself": ({"ties": TIES + "3,3,friend\n"}, "ties.csv, line 9, target: '3' is tied to itself"),
    "twice": ({"ties": TIES + "1,3,friend\n"}, "line 9, target: '3' is tied to this source in an earlier row"),
    "layer": ({"ties": TIES + "1,2,freind\n"}, "Did you mean 'friend'?"),
    "elsewhere": ({"ties": TIES + "9,2,friend\n"}, "line 9, source: '9' lives Elsewhere"),
    "far household": ({"ties": TIES + "1,5,household\n"}, "'5' shares a household with somebody of another place"),
    "many groups": (
        {"people": PEOPLE + "".join(f"{n},g{n},North,h{n},25-64,resident,1,0\n" for n in range(100, 210))},
        "people.csv, group: 113 is more than 100 different ones",
    ),
    "cut tie": ({"ties": TIES + "1,2"}, "line 9, layer: is missing"),
    "duplicate id": ({"people": PEOPLE + "5,Blue,South,d,25-64,resident,1,0\n"}, "line 8, id: '5' is the id of an"),
    "word id": ({"people": PEOPLE + "x,Blue,South,d,25-64,resident,1,0\n"}, "line 8, id: 'x' is not a whole number"),
    "no group": ({"people": PEOPLE + "6,,South,d,25-64,resident,1,0\n"}, "line 8, group: is missing"),
    "nan trust": (
        {"people": PEOPLE + "6,Blue,South,d,25-64,resident,1,nan\n"},
        "starting_trust: 'nan' is not a number",
    ),
    "scale": ({"people": PEOPLE + "6,Blue,South,d,25-64,resident,1,73.5\n"}, "convert other scales"),
    "weight": ({"people": PEOPLE + "6,Blue,South,d,25-64,resident,0,0\n"}, "weight: '0' is not a number from"),
    "role": ({"people": PEOPLE + "6,Blue,South,d,25-64,oficer,1,0\n"}, "Did you mean 'officer'?"),
    "two places": ({"people": PEOPLE + "6,Blue,North,d,25-64,resident,1,0\n"}, "household: 'd' has members in two"),
    "column": ({"people": PEOPLE.replace("age_band", "ageband")}, "Did you mean 'age_band'?"),
    "no column": ({"people": PEOPLE.replace("group,", "grp,")}, "people.csv, header: 'group' is missing"),
    "empty": ({"people": ""}, "people.csv: is empty"),
    "header only": ({"ties": "source,target,layer\n"}, "ties.csv: has no rows"),
    "missing": ({"ties": None}, "ties.csv or ties.parquet is missing"),
    "latin": ({"people": PEOPLE.replace("Blue", "Blé").encode("latin-1")}, "people.csv, line 6: b'\\xe9' is not UTF-8"),
    "utf16": ({"people": PEOPLE.encode("utf-16")}, "UTF-8"),
    "wide row": ({"ties": TIES + "1,2,friend,9\n"}, "ties.csv, line 9: has 4 fields where the header has 3"),
    "open quote": (
        {"ties": TIES + '1,2,"friend\n5,2,friend\n'},
        "ties.csv, line 9: opens a quote that is never closed",
    ),
    "semicolons": (
        {"ties": TIES.replace(",", ";")},
        "ties.csv, header: is separated by semicolons. Save the file with",
    ),
    "column twice": (
        {"ties": TIES.replace("target,layer", "target,target")},
        "ties.csv, header: 'target' stands there 2 times",
    ),
    "age band": ({"people": PEOPLE.replace("0-11", "0-10")}, "age_band: '0-10' is not an age band"),
    "empty role": (
        {"people": PEOPLE.replace("resident", "")},
        "line 2, role: is missing. Write resident or officer, or drop the column.",
    ),
    "empty trust": (
        {"people": PEOPLE.replace(",-0.5", ",")},
        "line 2, starting_trust: is missing. Write a number, or drop the column.",
    ),
    "day": ({"events": "day,place,race,kind\n366,North,Black,walk\n"}, "events.csv, line 2, day: '366' is not a whole"),
    "race": ({"events": "day,place,race,kind\n3,North,Blak,walk\n"}, "Did you mean 'Black'?"),
    "event place": ({"events": "day,place,race,kind\n3,Nort,Black,walk\n"}, "Did you mean 'North'?"),
    "shares": ({"places": PLACES.replace("0.34", "0.44")}, "places.csv, line 2, shares: 1.1 is the sum of the shares"),
    "share group": ({"places": PLACES.replace("share Blue", "share Bleu")}, "Did you mean 'share Blue'?"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_place_value_and_way_out(tmp_path, name):
    tables, expected = MISTAKES[name]
    with pytest.raises(SocietyError) as caught:
        load_society(write_folder(tmp_path, **tables))
    assert expected in str(caught.value)
    assert caught.value.exit_code == 2


def test_all_mistakes_are_told_at_once(tmp_path):
    people = PEOPLE + "5,Blue,South,d,25-64,resident,1,0\nx,Blue,South,d,25-64,resident,1,0\n"
    ties = TIES + "1,77,friend\n3,3,friend\n"
    with pytest.raises(SocietyError) as caught:
        load_society(write_folder(tmp_path, people=people, ties=ties, events="day,place,race,kind\n0,North,Black,a\n"))
    assert len(caught.value.mistakes) == 5


def test_many_mistakes_of_one_kind_are_counted(tmp_path):
    ties = TIES + "".join(f"1,{stranger},friend\n" for stranger in range(100, 120))
    with pytest.raises(SocietyError, match="15 more rows break the same rule"):
        load_society(write_folder(tmp_path, ties=ties))


def test_a_truncated_parquet_file_is_told(tmp_path):
    folder = write_folder(tmp_path, people=None)
    pl.DataFrame({"id": [1, 3], "group": ["a", "b"], "place": ["n", "n"]}).write_parquet(folder / "people.parquet")
    whole = (folder / "people.parquet").read_bytes()
    (folder / "people.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SocietyError, match=r"people\.parquet: cannot be read"):
        load_society(folder)


def test_two_files_for_one_table_are_told(tmp_path):
    folder = write_folder(tmp_path)
    pl.read_csv(folder / "ties.csv").write_parquet(folder / "ties.parquet")
    with pytest.raises(SocietyError, match="hold one table twice"):
        load_society(folder)


def test_a_folder_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(SocietyError, match="is not a folder"):
        load_society(tmp_path / "nowhere")
