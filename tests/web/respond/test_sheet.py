"""The printed sheet: a camera reads its codes, and it says who asks."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

import pytest

from commonbeat.listen.bank.wording import wording
from commonbeat.listen.study.reading import bank_of
from commonbeat.web.respond.sheet import code_of, sheet_html
from tests.web.respond import studies

LINKS = [f"http://192.168.10.20:8000/r/{letter * 22}" for letter in "ABCDEFG"]


def drawing(data: str) -> str:
    """The SVG in a data address."""
    kind, _, rest = data.partition(",")
    return base64.b64decode(rest).decode() if "base64" in kind else unquote(rest)


def test_a_camera_reads_the_address() -> None:
    cv2 = pytest.importorskip("cv2")
    import numpy as np
    import vl_convert

    svg = drawing(code_of(LINKS[0]).picture)
    picture = cv2.imdecode(np.frombuffer(vl_convert.svg_to_png(svg, scale=8), np.uint8), cv2.IMREAD_COLOR)
    read, corners, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert read == LINKS[0]
    # The quiet zone: no corner within three modules of the edge.
    modules = picture.shape[0] / int(re.search(r"width=['\"](\d+)", svg).group(1))
    assert corners.min() > 3 * modules


@pytest.mark.parametrize(("language", "until"), [("en", "Open until"), ("es", "Abierto hasta el")])
def test_each_card_says_who_asks_until_when_and_of_whom_to_ask(language: str, until: str) -> None:
    study = studies.present()
    page = sheet_html(LINKS, study, wording(bank_of(study), language))
    assert page.count("<section") == len(LINKS)
    assert page.count(study.contact) == len(LINKS)
    assert page.count("Youth Office") == len(LINKS)
    assert page.count(f"{until} {study.closes_on}") == len(LINKS)
    assert all(page.count(f">{link}<") == 1 for link in LINKS)
    assert page.count(study.title[language]) >= len(LINKS)
    assert "<script" not in page
    assert " style=" not in re.sub(r'src="data:[^"]+"', "", page)


def test_one_link_is_a_poster_that_many_may_use() -> None:
    study = studies.present()
    page = sheet_html(LINKS[:1], study, wording(bank_of(study), "en"))
    assert 'class="poster"' in page
    assert "This link is for one person" not in page
