"""In Chromium, against the real server: a scenario is changed, run, watched while its draws arrive, compared, and its report opened."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.jobs.work import SCENARIO

pytestmark = pytest.mark.slow
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_MS = 120_000  # on busy cores
WIDTHS = (360, 768, 1280)
DRAWS = 300  # long enough to be looked at on quick cores too
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true asks for a browser: install chromium, or put it on the PATH")
        pytest.skip("no browser on the PATH")
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address with its key, and the project, of a server that Ctrl-C ends."""
    project = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "commonbeat", "web", "--port", "0", "--project", str(project)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = next((match for line in server.stderr if (match := re.search(r"http://\S+", line))), None)
        assert found is not None
        try:
            yield found.group(0), project
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


@pytest.fixture(scope="module")
def context(chromium: str, served: tuple[str, Path]):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(base_url=served[0].partition("/start")[0])
        context.set_default_timeout(PATIENCE_MS)
        context.new_page().goto(served[0])
        yield context
        browser.close()


def look_at(page, problems: list[str], name: str) -> None:
    """Nothing overflows at any width, and the accessibility checker finds nothing."""
    from axe_playwright_python.sync_playwright import Axe

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(TOO_WIDE) > 0:
            problems.append(f"{name} at {width}: overflows")
    found = Axe().run(page).response["violations"]
    problems.extend(f"{name}: {each['id']} {[node['target'] for node in each['nodes'][:3]]}" for each in found)


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
    assert page.locator("#at-draws-wrong-1").inner_text().startswith("none is not a whole number")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    look_at(page, problems, "form")
    page.fill("#at-draws", str(DRAWS))
    page.click("text=Run it")
    page.wait_for_url("**/jobs/*")
    page.locator(".picture").first.wait_for()
    look_at(page, problems, "job under way")
    page.locator(".picture .wide-band").first.wait_for()  # bands from ten draws on, without a reload
    page.click("text=Compare the arms")
    page.locator("table caption").wait_for()
    look_at(page, problems, "arms")
    page.goto("/reports")
    look_at(page, problems, "reports")
    page.locator(".card-title a").first.click()
    look_at(page, problems, "result")
    page.locator("main a[href^='/reports/open/'][href$='/report.html']").first.click()
    page.wait_for_url("**/report.html")
    assert page.locator("main section").count() == 6
    page.goto("/jobs")
    look_at(page, problems, "jobs")
    assert problems == []
    page.close()


def test_without_scripts_the_page_of_a_job_moves_on_by_itself(context, served) -> None:
    plain = context.browser.new_context(
        java_script_enabled=False, storage_state=context.storage_state(), base_url=served[0].partition("/start")[0]
    )
    plain.set_default_timeout(PATIENCE_MS)
    page = plain.new_page()
    page.goto("/simulate")
    page.fill("#pasted", SCENARIO.replace("draws = 3", f"draws = {DRAWS}"))
    page.click("text=Look at it")
    page.click("text=Run it")
    page.locator(".picture").first.wait_for()
    page.click("#stop")
    page.locator("#again").wait_for()
    kept = page.locator(".said").inner_text()
    assert re.search(rf"\d+ of {DRAWS} draws are kept", kept)
    page.click("#again")
    page.locator("text=The simulation is finished").first.wait_for()
    plain.close()
