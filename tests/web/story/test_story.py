"""The whole way of somebody new: an empty folder, an address, and everything else in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.report.test_browser import pages_of
from tests.web.respond.served import chromium
from tests.web.story import asked, team
from tests.web.story.served import Watched, served

pytestmark = pytest.mark.slow


def test_the_whole_story(tmp_path: Path) -> None:
    with served(tmp_path / "project") as start, chromium() as browser:
        seen = Watched(browser, start.partition("/start")[0])
        page = seen.context().new_page()
        page.goto(start)
        seen.look_at(page, "home-empty")
        team.record(seen, page)
        address = team.study(seen, page)
        codes = [
            asked.answer(seen, link, number, skips=number in (1, 4))
            for number, link in enumerate(team.links(seen, page, 6))
        ]
        asked.take_back(seen, codes[3])
        team.results(seen, page, address)
        team.estimate(seen, page, tmp_path)
        team.simulate(seen, page)
        assert [pages_of(each) for each in team.two_pages(seen, page)] == [2, 2, 2]
        page.goto("/")
        for title in ("A short test", "visits", "The dance-off in our street"):
            expect(page.locator(".now")).to_contain_text(title)
        seen.look_at(page, "home-done")
        assert seen.wrong == []
