"""No text of TOML that is typed into a page takes the server's memory: a key of many parts is refused before it is read."""

from __future__ import annotations

import pytest

from commonbeat.errors import DesignError
from commonbeat.scenario import shipped_text
from commonbeat.web.estimate.form import design_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.filling.toml_text import LONGEST, MOST_DOTS, wrong_with

ENDLESS = "a." * 90_000 + "a = 1"


@pytest.mark.parametrize("text", [ENDLESS, f"x = 1\n{ENDLESS}", '"a".' * 600 + "a = 1", "x" * (LONGEST + 1)])
def test_a_text_that_would_not_end_is_refused(text: str) -> None:
    assert len(wrong_with(text, "text")) == 1


def test_ordinary_texts_are_read() -> None:
    for text in ("", shipped_text("dance-off"), f'note = "{"A sentence. " * MOST_DOTS}"'):
        assert wrong_with(text, "text") == ()


def test_a_design_says_so_beside_its_field() -> None:
    with pytest.raises(DesignError, match="dots in line 1") as caught:
        design_of(Sent({"more": (ENDLESS,)}))
    assert caught.value.mistakes[0].place == "more"
