"""`commonbeat record agree`, `codes`, `coding-sheet` and `frames` as a user meets them: screen, JSON, files, exit codes."""

from __future__ import annotations

import csv
import json
import re

import pytest

from commonbeat.cli import run
from commonbeat.record.coding.sheet import shipped_sheet
from tests.record.coding.made import CANONICAL, ELAN, boris_document, write_boris

FORBIDDEN = re.compile(r"\b(joy\w*|emotion\w*|race|racial|gender\w*|identit\w*|ages?)\b", re.IGNORECASE)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys, *words):
    code = run(["record", *words])
    heard = capsys.readouterr()
    return code, heard.out, heard.err


def canonical_file(desk):
    rows = zip(*(["" if cell == "." else cell for cell in row.split()] for row in CANONICAL), strict=True)
    text = "unit,a,b,c,d\n" + "".join(f"{unit},{','.join(row)}\n" for unit, row in enumerate(rows, 1))
    (desk / "codes.csv").write_text(text)


@pytest.mark.parametrize(
    ("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_canonical_example_end_to_end(desk, capsys, level, value):
    canonical_file(desk)
    code, out, err = said(capsys, "agree", "codes.csv", "--level", level, "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    (found,) = document["agreement"]
    assert found["alpha"] == pytest.approx(value, abs=5e-4)
    assert found["units"] == 11
    assert found["coders"] == ["a", "b", "c", "d"]
    assert len(found["pairs"]) == 6
    assert document["disagreements"][0] == {
        "code": "codes",
        "group": "",
        "clip": "2",
        "unit": "2",
        "start_s": None,
        "given": {"a": "2", "b": "2", "c": "3", "d": "2"},
    }


def test_the_screen_tells_conventions_and_cautions(desk, capsys):
    canonical_file(desk)
    code, out, _ = said(capsys, "agree", "codes.csv")
    assert code == 0
    assert ".74" in out
    assert "conventions" in out
    assert "Only 11 units" in out
    assert "Where coders differ" in out
    for ending, holds in (("json", '"alpha"'), ("csv", "alpha,codes"), ("md", "| codes | nominal | .74 |")):
        assert said(capsys, "agree", "codes.csv", "--out", f"out.{ending}")[0] == 0
        assert holds in (desk / f"out.{ending}").read_text()


def test_projects_of_two_programs_are_compared(desk, capsys):
    events = [
        [1.0, "officer 1", "approach", "", "", 1],
        [4.0, "officer 1", "dance", "", "", 2],
        [9.0, "officer 1", "dance", "", "", 3],
    ]
    write_boris(desk / "anna.boris", boris_document(first=events))
    later = [[event[0] + 0.5, *event[1:]] for event in events] + [[30.0, "officer 1", "approach", "", "", 5]]
    write_boris(desk / "cy.boris", boris_document(first=later))
    (desk / "bo.eaf").write_text(ELAN.replace('ANNOTATOR="bo" ', ""))
    code, out, _ = said(capsys, "agree", "anna.boris", "cy.boris", "bo.eaf", "--json")
    marks = {(each["first"], each["second"]): each for each in json.loads(out)["marks"]}
    assert code == 0
    assert set(marks) == {("anna", "bo"), ("anna", "cy"), ("bo", "cy")}
    pair = marks["anna", "cy"]
    assert {each["label"]: each["both"] for each in pair["codes"]} == {"approach": 1, "dance": 1}
    assert pair["differences"] == [
        {
            "clip": "dance off.mp4",
            "start_s": 30.0,
            "end_s": 30.0,
            "first": "",
            "second": "approach",
            "subject": "officer 1",
        }
    ]
    code, out, _ = said(capsys, "agree", "anna.boris", "cy.boris", "--tolerance", "0.2")
    assert "0:30.0 (officer 1)  anna: nothing, cy: approach" in out
    assert said(capsys, "agree", "anna.boris", "cy.boris", "--out", "m.md")[0] == 0
    assert "marks within 1 s" in (desk / "m.md").read_text()


def test_judged_intervals_of_projects_give_alpha_and_a_tone(desk, capsys):
    sheet = ["coding-sheet", "--out"]
    assert said(capsys, *sheet, "blank.eaf")[0] == 0
    blank = (desk / "blank.eaf").read_text()
    media = '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"><MEDIA_DESCRIPTOR MEDIA_URL="file:///x.mp4" MIME_TYPE="video/mp4"/></HEADER>'
    (desk / "blank.eaf").write_text(blank.replace('<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>', media))
    for coder, values in (("ann", "2 1 0 -1 1 2"), ("bo", "2 1 1 -1 1 2")):
        rows = "".join(f"x,respect,{10 * n},{10 * n + 10},{value},officer\n" for n, value in enumerate(values.split()))
        (desk / "more.csv").write_text("clip,code,start_s,end_s,modifier,subject\n" + rows)
        assert said(capsys, "codes", "blank.eaf", "--add", "more.csv", "--out", f"{coder}.eaf")[0] == 0
    code, out, _ = said(capsys, "agree", "ann.eaf", "bo.eaf", "--json")
    document = json.loads(out)
    assert code == 0
    (respect,) = document["agreement"]
    assert (respect["code"], respect["level"], respect["units"]) == ("respect", "ordinal", 6)
    assert document["disagreements"][0]["unit"].endswith("20 to 30 s")
    tone = document["tone_by_coders"]
    assert tone["mean"] == pytest.approx((5 / 12 + 6 / 12) / 2)
    assert tone["n"] == 2


def test_codes_are_listed_added_and_written_back(desk, capsys):
    (desk / "a.eaf").write_text(ELAN)
    assert said(capsys, "codes", "a.eaf", "--out", "same.eaf")[0] == 0
    assert (desk / "same.eaf").read_bytes() == (desk / "a.eaf").read_bytes()
    path = write_boris(desk / "a.boris", boris_document(first=[[1.0, "", "approach", "", "", 1]]), indent=4)
    assert said(capsys, "codes", "a.boris", "--out", "same.boris")[0] == 0
    assert (desk / "same.boris").read_bytes() == path.read_bytes()
    assert said(capsys, "codes", "a.boris", "--out", "a.csv")[0] == 0
    rows = list(csv.DictReader((desk / "a.csv").read_text().splitlines()))
    assert rows == [
        {
            "clip": "dance off.mp4",
            "coder": "a",
            "code": "approach",
            "start_s": "1",
            "end_s": "1",
            "subject": "",
            "modifier": "",
            "comment": "",
        }
    ]
    assert said(capsys, "codes", "a.boris", "--add", "a.csv", "--out", "twice.boris.gz")[0] == 0
    code, out, _ = said(capsys, "codes", "twice.boris.gz", "--json")
    assert code == 0
    assert len(json.loads(out)["marks"]) == 2
    code, _, err = said(capsys, "codes", "a.boris", "--out", "a.eaf")
    assert code == 2
    assert "without loss" in err
    assert not (desk / "a.eaf.writing").exists()


@pytest.mark.parametrize("ending", ["html", "md", "csv", "toml", "boris", "eaf", "etf"])
def test_the_sheet_leaves_in_every_form(desk, capsys, ending):
    assert said(capsys, "coding-sheet", "--out", f"s.{ending}")[0] == 0
    content = (desk / f"s.{ending}").read_text(encoding="utf-8")
    for code in shipped_sheet("clips").codes:
        assert code.name in content
    assert not FORBIDDEN.search(content)
    if ending == "toml":
        assert said(capsys, "coding-sheet", "--sheet", "s.toml", "--out", "own.md")[0] == 0


def test_texts_from_posts_to_frames(desk, capsys):
    lines = ["author,comment,source,date"]
    lines += [f"user{n},text number {n},page {n % 12},2021-0{5 + n // 60}-{n % 28 + 1:02d}" for n in range(120)]
    (desk / "posts.csv").write_text("\n".join(lines))
    code, out, _ = said(capsys, "coding-sheet", "--texts", "posts.csv", "--coders", "2", "--out", "blind")
    assert code == 0
    assert "Left behind: author" in out
    for number in (1, 2):
        path = desk / "blind" / f"coder-{number}.csv"
        with path.open() as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            value = int(row["text"].rsplit(" ", 1)[1])
            row["staged"] = "yes" if value >= 60 and value % 2 else "no"
            row["systemic"] = "yes" if (value + (number == 2 and value % 10 == 0)) % 3 == 0 else "no"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    files = ["blind/coder-1.csv", "blind/coder-2.csv"]
    code, out, _ = said(capsys, "agree", *files, "--json")
    assert {each["code"] for each in json.loads(out)["agreement"]} == {"staged", "systemic"}
    code, out, _ = said(capsys, "frames", *files, "--before", "2021-06-01", "--by", "source", "--json")
    document = json.loads(out)
    staged = next(each for each in document["changes"] if each["code"] == "staged")
    assert code == 0
    assert staged["before"]["seen"] == 0
    assert staged["after"]["seen"] == 30
    assert staged["change"]["value"] == pytest.approx(0.5)
    assert 0 < staged["change"]["low"] < 0.5 < staged["change"]["high"] <= 1
    assert len([each for each in document["cells"] if each["code"] == "staged"]) == 12
    code, out, _ = said(capsys, "frames", *files, "--before", "2021-06-01", "--by", "month", "--out", "counts.csv")
    assert code == 0
    assert "+50 points" in out
    assert "change" in (desk / "counts.csv").read_text()


def test_one_long_table_tells_sources_and_dates_itself(desk, capsys):
    rows = [
        f"t{n},{coder},staged,{'yes' if n < 10 else 'no'},page {n % 3},2021-05-{n + 1:02d}"
        for n in range(24)
        for coder in ("a", "b")
    ]
    (desk / "codes.csv").write_text("text_id,coder,code,value,source,date\n" + "\n".join(rows))
    code, out, _ = said(capsys, "frames", "codes.csv", "--before", "2021-05-12", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["totals"][0]["seen"] == 10
    assert document["changes"][0]["before"]["seen"] == 10
    assert any("3 sources" in each for each in document["warnings"])
    assert document["reliability"] == {"staged": 1.0}


def test_counts_of_codes_without_agreement_say_so(desk, capsys):
    rows = [
        f"t{n},{coder},staged,{'yes' if n % 4 in (0, place) else 'no'}"
        for n in range(40)
        for place, coder in enumerate("ab", 1)
    ]
    (desk / "codes.csv").write_text("text_id,coder,code,value\n" + "\n".join(rows))
    code, out, _ = said(capsys, "frames", "codes.csv")
    assert code == 0
    assert "Coders agree too little on staged" in out
    (desk / "one.csv").write_text("text_id,coder,code,value\n" + "\n".join(rows[::2]))
    assert "nobody knows how reliable" in said(capsys, "frames", "one.csv")[1]


def test_files_of_one_name_are_told_apart_by_their_folders(desk, capsys):
    for coder, value in (("ann", "yes"), ("bo", "no")):
        (desk / coder).mkdir()
        (desk / coder / "codes.csv").write_text(f"text_id,staged\nt1,yes\nt2,{value}\n")
        write_boris(desk / coder / "marks.boris", boris_document(first=[[1.0, "", "approach", "", ""]]))
    code, out, _ = said(capsys, "agree", "ann/codes.csv", "bo/codes.csv", "--json")
    assert code == 0
    assert json.loads(out)["agreement"][0]["coders"] == ["ann/codes", "bo/codes"]
    code, out, _ = said(capsys, "agree", "ann/marks.boris", "bo/marks.boris", "--json")
    assert json.loads(out)["marks"][0]["codes"][0]["both"] == 1
    code, _, err = said(capsys, "agree", "ann/codes.csv", "./ann/codes.csv")
    assert code == 2
    assert "is named twice" in err


def test_marks_without_end_and_clips_observed_twice_are_compared_with_nobody(desk, capsys):
    document = boris_document(first=[[1.0, "", "dance", "", ""]])
    document["observations"]["first"]["independent_variables"] = {"coder": "cy"}
    for name in ("a", "b"):
        write_boris(desk / f"{name}.boris", document)
    code, _, err = said(capsys, "agree", "a.boris", "b.boris")
    assert code == 2
    assert err.count("never ends") == 2
    assert "observed dance off.mp4 in two of the files" in err
    code, out, _ = said(capsys, "codes", "a.boris", "--out", "same.boris")
    assert code == 0
    assert "never ends" in out
    assert (desk / "same.boris").read_bytes() == (desk / "a.boris").read_bytes()


def test_codes_in_workbooks_and_parquet(desk, capsys):
    import polars as pl

    frame = pl.DataFrame({"unit": [1, 2, 3, 4], "ann": ["yes", "no", "no", "yes"], "bo": ["yes", "no", "yes", None]})
    frame.write_excel(desk / "staged.xlsx")
    (desk / "p").mkdir()
    frame.write_parquet(desk / "p" / "staged.parquet")
    documents = [json.loads(said(capsys, "agree", name, "--json")[1]) for name in ("staged.xlsx", "p/staged.parquet")]
    assert documents[0]["agreement"] == documents[1]["agreement"]
    assert documents[0]["agreement"][0]["units"] == 3
    assert documents[0]["sheet"] == shipped_sheet("texts").title


def test_groups_are_for_tables(desk, capsys):
    write_boris(desk / "a.boris", boris_document(first=[]))
    code, _, err = said(capsys, "agree", "a.boris", "--by", "clip")
    assert code == 2
    assert "is for tables of values" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["agree"], "Name at least one file"),
        (["agree", "none.csv"], "no file none.csv"),
        (["agree", "one.csv"], "nothing says who coded"),
        (["agree", "alone.csv"], "is the only coder"),
        (["agree", "codes.csv", "--level", "cardinal"], "not a level of measurement"),
        (["agree", "codes.csv", "--out", "x.docx", "--tolerance", "-1", "--time-unit", "0"], "3"),
        (["agree", "codes.csv", "--by", "fase"], "Did you mean 'phase'?"),
        (["agree", "bad.boris"], "is not JSON"),
        (["agree", "bad.eaf"], "not well-formed"),
        (["codes", "codes.csv"], "neither a BORIS project nor an ELAN file"),
        (["coding-sheet", "--texts", "codes.csv"], "need a folder"),
        (["coding-sheet", "--about", "texts", "--out", "x.eaf"], "is for clips"),
        (["coding-sheet", "--sheet", "codes.csv"], "is not TOML"),
        (["frames", "codes.csv", "--before", "June"], "is not a day"),
        (["frames", "codes.csv", "--by", "autor"], "is nothing by which texts are told apart"),
    ],
)
def test_bad_input_ends_with_exit_code_two_and_nothing_written(desk, capsys, words, told):
    (desk / "codes.csv").write_text("unit,phase,a,b\n1,x,1,2\n2,x,2,2\n")
    (desk / "one.csv").write_text("unit,a\n1,2\n")
    (desk / "alone.csv").write_text("unit,coder,staged\n1,a,yes\n2,a,no\n")
    (desk / "bad.boris").write_text("{")
    (desk / "bad.eaf").write_text("<a")
    before = sorted(desk.iterdir())
    code, out, err = said(capsys, *words)
    assert (code, out) == (2, "")
    if told == "3":
        assert err.count("\n  ") == 3
    else:
        assert told in err
    assert "Traceback" not in err
    assert sorted(desk.iterdir()) == before


def test_an_existing_folder_is_never_written_over(desk, capsys):
    (desk / "posts.csv").write_text("text\nhello\n")
    (desk / "blind").mkdir()
    code, _, err = said(capsys, "coding-sheet", "--texts", "posts.csv", "--out", "blind")
    assert code == 2
    assert "exists already" in err


@pytest.mark.parametrize(("column", "subject"), [("subject", "anybody"), ("seen", "officer 1"), ("badge_no", "77")])
def test_no_share_of_a_code_of_tone_is_told_by_person(desk, capsys, column, subject):
    rows = [
        f"c{n},{coder},{code},{1 if code == 'respect' else 'no'},{subject}"
        for n in range(12)
        for coder in ("ann", "bo")
        for code in ("respect", "led")
    ]
    (desk / "codes.csv").write_text(f"unit,coder,code,value,{column}\n" + "\n".join(rows))
    code, out, _ = said(capsys, "agree", "codes.csv", "--by", column, "--json")
    found = {each["code"]: each for each in json.loads(out)["agreement"]}
    assert code == 0
    assert found["respect"]["shares"] == {}
    assert not any("'1'" in each for each in found["respect"]["warnings"])
    assert found["led"]["shares"] == {"no": 1.0}  # what is no code of tone is told as before
    out = said(capsys, "agree", "codes.csv", "--by", column)[1]
    assert "not told" in out
    assert "no 100%" in out
    (desk / "codes.csv").write_text(
        (desk / "codes.csv").read_text().replace(subject, "before").replace(column, "phase")
    )
    found = json.loads(said(capsys, "agree", "codes.csv", "--by", "phase", "--json")[1])["agreement"]
    assert next(each for each in found if each["code"] == "respect")["shares"]["1"] == 1.0


def test_texts_that_rest_on_one_coder_are_counted_and_told(desk, capsys):
    rows = [
        f"t{n},{coder},staged,{'yes' if n % 3 else 'no'}" for n in range(40) for coder in ("a", "b")[: 1 + (n < 25)]
    ]
    rows += [f"t{n},{coder},systemic,no" for n in range(40) for coder in ("a", "b")]
    (desk / "codes.csv").write_text("text_id,coder,code,value\n" + "\n".join(rows))
    code, out, _ = said(capsys, "frames", "codes.csv", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["one_coder"] == {"staged": 15, "systemic": 0}
    assert any(
        "rest on one coder, and count like those of several: staged 15 of 40." in each for each in document["warnings"]
    )
