"""In Chromium, against the real server: a scenario is changed, run, watched while its draws arrive, compared, and its report opened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NothingCameError

from tests.web.held import hold, let_go
from tests.web.jobs.work import SCENARIO
from tests.web.respond.served import PATIENCE_MS, WORK_MS, chromium
from tests.web.story.served import served

pytestmark = pytest.mark.slow
WIDTHS = (360, 768, 1280)
DRAWS = 300  # long enough to be looked at on quick cores too
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory):
    """The address with its key of a server on an empty project."""
    with served(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="module")
def context(start: str):
    with chromium() as browser:
        context = browser.new_context(base_url=start.partition("/start")[0])
        context.set_default_timeout(PATIENCE_MS)
        context.new_page().goto(start)
        yield context


def look_at(page: Page, problems: list[str], name: str) -> None:
    """Nothing overflows at any width, and the accessibility checker finds nothing.

    To be called where something of the page in question was waited for: until then the one before still stands there.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()
    hold(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(TOO_WIDE) > 0:
            problems.append(f"{name} at {width}: overflows")
    found = Axe().run(page).response["violations"]
    problems.extend(f"{name}: {each['id']} {[node['target'] for node in each['nodes'][:3]]}" for each in found)
    let_go(page)


def test_from_a_scenario_to_its_report(context) -> None:
    page, problems = context.new_page(), []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/simulate")
    look_at(page, problems, "begin")
    page.fill("#pasted", SCENARIO)
    page.click("text=Look at it")
    page.fill("#at-draws", "none")
    page.locator(".stay button").first.click()
    expect(page.locator("[role=alert]")).to_be_focused()
    assert page.locator("#at-draws-wrong-1").inner_text().startswith("none is not a whole number")
    look_at(page, problems, "form")
    page.fill("#at-draws", str(DRAWS))
    page.click("text=Run it")
    page.wait_for_url("**/jobs/*")
    page.locator(".picture").first.wait_for(timeout=WORK_MS)
    look_at(page, problems, "job under way")
    page.locator(".picture .wide-band").first.wait_for(timeout=WORK_MS)  # bands from ten draws on, without a reload
    page.locator("text=Compare the arms").wait_for(timeout=WORK_MS)
    hold(page)
    page.click("text=Compare the arms")
    page.locator("table caption").wait_for()
    look_at(page, problems, "arms")
    page.goto("/reports")
    look_at(page, problems, "reports")
    page.locator(".card-title a").first.click()
    page.wait_for_url("**/reports/of/**")
    look_at(page, problems, "result")
    page.locator("main a[href^='/reports/open/'][href$='/report.html']").first.click()
    page.wait_for_url("**/report.html")
    assert page.locator("main section").count() == 6
    page.goto("/jobs")
    look_at(page, problems, "jobs")
    assert problems == []
    page.close()


def press_stop(page: Page) -> None:
    """The stop was heard. A page that is loaded again by itself may take a press with it; whoever sees that presses again."""
    heard = page.locator("#end").or_(page.locator("#again")).first
    for _ in range(12):
        page.locator("#stop").click()
        try:
            heard.wait_for(timeout=10_000)
        except NothingCameError:
            continue
        return
    pytest.fail("a stop was pressed twelve times, and nobody heard it")


def test_without_scripts_the_page_of_a_job_moves_on_by_itself(context, start) -> None:
    plain = context.browser.new_context(
        java_script_enabled=False, storage_state=context.storage_state(), base_url=start.partition("/start")[0]
    )
    plain.set_default_timeout(PATIENCE_MS)
    page = plain.new_page()
    page.goto("/simulate")
    page.fill("#pasted", SCENARIO.replace("draws = 3", f"draws = {DRAWS}"))
    page.click("text=Look at it")
    page.click("text=Run it")
    page.locator(".picture").first.wait_for(timeout=WORK_MS)
    press_stop(page)
    page.locator("#again").wait_for(timeout=WORK_MS)
    kept = page.locator(".said").inner_text()
    assert re.search(rf"\d+ of {DRAWS} draws are kept", kept)
    page.click("#again")
    page.locator("text=The simulation is finished").first.wait_for(timeout=WORK_MS)
    plain.close()
