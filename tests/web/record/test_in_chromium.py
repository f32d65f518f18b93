"""In Chromium, with scripts and by keyboard: the story of a team that records, listens and estimates; nothing overflows, the accessibility checker finds nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from tests.web.on_a_port import free_port, running
from tests.web.respond.served import PATIENCE_MS, chromium

pytestmark = pytest.mark.slow
WIDTHS = (360, 768, 1280)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of somebody who came by the start key; its console must stay silent."""
    with free_port() as listening:
        settings = settings_for(tmp_path_factory.mktemp("team"), port=listening.getsockname()[1])
        app = application(settings, tell=lambda _: None)
        with running(app, listening), chromium() as browser:
            context = browser.new_context(base_url=settings.base)
            context.set_default_timeout(PATIENCE_MS)
            made = context.new_page()
            made.goto(app.state.door.key.address)
            yield made


def look_at(page: Any) -> None:
    """To be called where something of the page in question was waited for: until then the one before still stands there."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) <= 0, (page.url, width)
        found = Axe().run(page).response["violations"]
        assert not found, (page.url, width, [each["id"] for each in found])


def open_all(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_an_encounter_is_recorded_step_by_step(page: Any) -> None:
    page.goto("/record/new?example=1")
    for number in range(2, 8):
        look_at(page)
        page.locator(f"button[value='step:{number - 1}']", has_text="Next").press("Enter")
        page.wait_for_selector(f"h2:has-text('{number}. ')")
    look_at(page)
    page.get_by_role("button", name="Keep this record").click()
    page.wait_for_selector("h2:has-text('What may be done with it')")
    for where in ("", "/record", "/record/log", "/record/of/dance-off-encounter/withdraw", "/record/new"):
        if where:
            page.goto(where)
        open_all(page)
        look_at(page)
    page.locator("button[value='step:6']").click()
    expect(page.locator(".mistakes[role=alert]")).to_be_focused()
    look_at(page)


def test_a_study_is_built_opened_and_handed_out(page: Any) -> None:
    page.goto("/listen/new")
    look_at(page)
    page.locator("button[value='like:dance-off-present']").click()
    page.wait_for_selector("h2:has-text('1. ')")
    for number in range(2, 7):
        look_at(page)
        page.locator(f"button[value='step:{number - 1}']", has_text="Next").click()
        page.wait_for_selector(f"h2:has-text('{number}. ')")
    look_at(page)
    page.get_by_role("button", name="Keep it as a draft").click()
    page.get_by_role("button", name="Open it").click()
    page.wait_for_selector("text=Open: people can answer.")
    open_all(page)
    look_at(page)
    page.get_by_role("button", name="Make links").click()
    page.wait_for_selector("#links")
    look_at(page)
    link = page.input_value("#links").split()[0]
    visitor = page.context.browser.new_page()
    visitor.goto(link)
    assert visitor.locator("form").count() > 0
    visitor.close()
    page.goto("/listen/of/dance-off-present")
    with page.expect_response(lambda response: response.url.endswith("/live")) as heard:
        pass
    assert heard.value.status == 200


def test_a_file_is_dropped_and_answered(page: Any, tmp_path: Path) -> None:
    luck = random.Random(2)
    lines = ["visited,trust", *(f"{each % 2},{4 + 0.4 * (each % 2) + luck.gauss(0, 1):.2f}" for each in range(200))]
    (tmp_path / "visits.csv").write_text("\n".join(lines))
    page.goto("/estimate")
    look_at(page)
    page.set_input_files("#file", tmp_path / "visits.csv")
    page.get_by_role("button", name="Look at its columns").click()
    page.wait_for_selector("h2:has-text('The comparison')")
    open_all(page)
    look_at(page)
    page.select_option("[name=outcome]", "trust")
    page.select_option("[name=treatment]", "visited")
    page.get_by_role("button", name="Estimate", exact=True).click()
    page.wait_for_selector("h2:has-text('The main figures')")
    look_at(page)
