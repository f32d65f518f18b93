"""One more language is one more folder of plain TOML files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from commonbeat.errors import BankError
from commonbeat.listen.bank import load_bank, missing_words, wording
from commonbeat.listen.bank.words import LANGUAGES_FOLDER
from commonbeat.listen.study.bank_checks import bank_mistakes


def shouted(line: str) -> str:
    """A made-up language: English sentences in capitals, what is filled in left alone."""
    match = re.fullmatch(r'(\s*\S+ = )"(.*)"', line)
    if match is None or match[1].strip().startswith("direction"):
        return line
    parts = re.split(r"(\{\w+\}|\\.)", match[2])
    return f'{match[1]}"{"".join(part if part[:1] in ("{", chr(92)) else part.upper() for part in parts)}"'


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "languages" / "qaa"
    shutil.copytree(LANGUAGES_FOLDER / "en", made)
    for path in made.glob("*.toml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(map(shouted, lines)), encoding="utf-8")
    return made


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_is_a_language(folder):
    bank = load_bank(languages_folder=folder.parent)
    assert bank.languages == ("en", "es", "qaa")
    words = wording(bank, "qaa")
    assert words.item("trust_honest") == "WHAT THE POLICE HERE TELL THE PUBLIC IS TRUE."
    assert words.page("progress", place=1, of=4) == "PAGE 1 OF 4"
    assert missing_words(bank, ["qaa"], bank.scales).found == []


def test_it_can_be_named_in_a_teams_own_file_which_then_speaks_it(folder):
    own = folder.parent.parent / "own.toml"
    own.write_text(
        """
languages_folder = "languages"
[scale.park]
construct = "the team's own"
kind = "single"
audience = ["adult"]
source = "our own"
[[scale.park.item]]
identifier = "park_visits"
format = "count_99"
wording = { en = "How often?", qaa = "HOW OFTEN?" }
""",
        encoding="utf-8",
    )
    bank = load_bank(own)
    assert wording(bank, "qaa").item("park_visits") == "HOW OFTEN?"
    assert [each.place for each in missing_words(bank, ["es"], ["park"]).found] == ["es/items.toml item.park_visits"]


def test_a_translation_in_the_making_lists_what_is_missing_for_a_study(folder):
    edit(folder / "items.toml", "trust_honest =", "# trust_honest =")
    edit(folder / "items.toml", "reform_enough =", "# reform_enough =")
    edit(folder / "options.toml", "[agree_5]\n1 =", "[agree_5]\n# 1 =")
    edit(folder / "pages.toml", "thanks_lead = ", "# ")
    edit(folder / "items.toml", '\ntrust = "', '\n# "')
    bank = load_bank(languages_folder=folder.parent)
    places = {each.place for each in missing_words(bank, ["en", "qaa"], ["trust"]).found}
    assert places == {
        "qaa/items.toml item.trust_honest",
        "qaa/items.toml lead.trust",
        "qaa/options.toml agree_5.1",
        "qaa/pages.toml thanks_lead",
    }
    with pytest.raises(BankError, match=r"qaa/pages\.toml thanks_lead"):
        wording(bank, "qaa").page("thanks_lead")


def test_a_language_that_is_not_there_is_one_mistake(folder):
    (mistake,) = missing_words(load_bank(), ["qaa"], ["trust"]).found
    assert mistake.place == "languages"
    assert mistake.value == "qaa"


def test_every_slip_of_a_translator_is_told_at_once(folder):
    edit(folder / "pages.toml", "{place}", "{page}")
    edit(folder / "pages.toml", "{contact}.", "{contact.")
    edit(folder / "pages.toml", '{low} TO {high}"', '{low:>9} TO {high!r}"')
    edit(folder / "pages.toml", "TIME NEEDED: ABOUT {minutes} MIN.", "TIME NEEDED: A LITTLE.")
    edit(folder / "pages.toml", "respond_title =", "respond_titel =")
    edit(folder / "items.toml", "trust_honest =", "trust_honset =")
    edit(folder / "items.toml", '"IF SOMETHING BAD', '"' + "X" * 400 + "IF SOMETHING BAD")
    edit(folder / "options.toml", "[agree_5]\n1 =", "[agree_5]\none =")
    edit(folder / "options.toml", 'likely_5]\n1 = "VERY UNLIKELY"', 'likely_5]\n1 = ""')
    edit(folder / "language.toml", '"ltr"', '"down"')
    shutil.copytree(folder, folder.parent / "Quenya Tongue")
    shutil.copytree(folder, folder.parent / "es")
    with pytest.raises(BankError) as caught:
        load_bank(languages_folder=folder.parent)
    said = str(caught.value)
    for part in (
        "qaa/pages.toml progress: 'PAGE {page} OF {of}' does not have the model's names ({of}, {place})",
        "has braces that do not match",
        "{low:>9}",
        "qaa/pages.toml consent_minutes: 'TIME NEEDED: A LITTLE.' does not have the model's names ({minutes})",
        "qaa/pages.toml respond_titel: is not in en. Did you mean 'respond_title'?",
        "qaa/items.toml item trust_honset: is not in en. Did you mean 'trust_honest'?",
        "characters, above 300",
        "qaa/options.toml agree_5.one: is not a code of an answer",
        "qaa/options.toml likely_5.1: '' is not a sentence",
        "qaa/language.toml direction: 'down' is not a direction",
        "'Quenya Tongue' is not the code of a language",
        "languages/es: is a language that is there already",
    ):
        assert part in said, said


def test_one_key_under_two_headings_is_a_mistake(folder):
    edit(folder / "pages.toml", "[refused]\n", '[refused]\nstart = "BEGIN"\n')
    with pytest.raises(BankError, match=r"refused.start: stands already under another heading"):
        load_bank(languages_folder=folder.parent)


def test_a_folder_without_files_and_one_that_is_not_there_are_refused(folder):
    (folder / "pages.toml").unlink()
    with pytest.raises(BankError, match=r"pages.toml: cannot be read"):
        load_bank(languages_folder=folder.parent)
    with pytest.raises(BankError, match="cannot be read"):
        load_bank(languages_folder=folder.parent / "nowhere")


def test_a_file_with_a_broken_line_is_named_with_the_line(folder):
    edit(folder / "items.toml", "trust_honest = ", "trust_honest ")
    with pytest.raises(BankError, match=r"items.toml: is not TOML: .*line"):
        load_bank(languages_folder=folder.parent)


def without_children(folder: Path) -> list[str]:
    """The folder's [child] is taken out; its keys are returned."""
    path = folder / "pages.toml"
    head, _, rest = path.read_text(encoding="utf-8").partition("\n[child]\n")
    lines, _, tail = rest.partition("\n[officer]\n")
    path.write_text(f"{head}\n\n[officer]\n{tail}", encoding="utf-8")
    return re.findall(r"^(\w+) =", lines, re.MULTILINE)


def test_what_is_said_otherwise_to_children_is_asked_for_in_one_mistake_that_names_all_of_it(folder):
    keys = without_children(folder)
    bank = load_bank(languages_folder=folder.parent)
    (mistake,) = missing_words(bank, ["qaa"], ["child_joy"]).found
    assert mistake.place == "qaa/pages.toml [child]"
    assert mistake.rule == f"lacks {len(keys)} sentences that are said otherwise to them: {', '.join(keys)}"
    assert missing_words(bank, ["qaa"], ["trust", "enjoyment"]).found == []
    assert missing_words(bank, ["qaa"], ["trust", "child_joy"], ["adult"]).found == []
    assert len(missing_words(bank, ["en", "es", "qaa"], ["trust"], ["adult", "child", "officer"]).found) == 1


def test_a_study_for_children_does_not_open_in_a_language_that_has_nothing_for_them(folder):
    without_children(folder)
    bank = load_bank(languages_folder=folder.parent)
    study = {"languages": ["qaa"], "audience": ["child"], "scales": ["child_joy"]}
    assert [each.place for each in bank_mistakes(study, bank).found] == ["qaa/pages.toml [child]"]
    assert bank_mistakes({**study, "audience": ["adult"], "scales": ["trust"]}, bank).found == []
