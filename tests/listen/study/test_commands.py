"""On the command line: what is refused ends with exit code 2, says everything at once, and changes nothing."""

import pytest

from commonbeat.cli import run
from commonbeat.listen.study.shipped import shipped_study


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_officer_who_asks_children_is_refused_and_nothing_is_opened(desk, capsys) -> None:
    text = shipped_study("dance-off-present").read_text(encoding="utf-8")
    (desk / "study.toml").write_text(text.replace('"youth organisation"', '"officer"'), encoding="utf-8")
    for command in ("status", "open"):
        assert run(["listen", command, "study.toml"]) == 2
        said = capsys.readouterr()
        assert "collected_by: 'officer' may not collect children's answers" in said.err
        assert said.out == ""
    assert [path.name for path in desk.iterdir()] == ["study.toml"]


def test_a_study_without_its_films_is_not_opened(desk, capsys) -> None:
    assert run(["listen", "new", "viewers.toml", "--like", "dance-off-viewers"]) == 0
    assert "arms.1.clip: has no film yet" in capsys.readouterr().out
    assert run(["listen", "open", "viewers.toml"]) == 2
    said = capsys.readouterr().err
    assert all(f"arms.{number}.clip: has no film yet" in said for number in (1, 2, 3))
    assert "arms.2.description.en: is still to be written" in said


def test_a_copy_of_the_others_can_be_opened_today(desk, capsys) -> None:
    for design in ("present", "residents"):
        assert run(["listen", "new", f"{design}.toml", "--like", f"dance-off-{design}"]) == 0
        assert run(["listen", "open", f"{design}.toml"]) == 0
    capsys.readouterr()
    assert run(["listen", "status"]) == 0
    assert "dance-off-residents" in capsys.readouterr().out


def test_a_file_is_never_written_over(desk, capsys) -> None:
    (desk / "mine.toml").write_text("mine", encoding="utf-8")
    assert run(["listen", "new", "mine.toml"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (desk / "mine.toml").read_text(encoding="utf-8") == "mine"
