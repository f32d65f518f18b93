"""The core's pages in a browser: no violation that axe finds, nothing too wide, the keyboard alone, no broken rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette

from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from tests.web.on_a_port import free_port
from tests.web.on_a_port import running as served
from tests.web.respond.served import PATIENCE_MS, chromium

WIDTHS = (360, 768, 1280)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    """The app on a port of its own."""
    with free_port() as listening:
        port = listening.getsockname()[1]
        app = application(settings_for(tmp_path_factory.mktemp("p"), port=port), tell=lambda _: None)
        with served(app, listening):
            yield app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(params=["light", "dark"])
def page(running: Starlette, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose browser complains about nothing, in both schemes, without leaving this machine."""
    context = browser.new_context(color_scheme=request.param)
    context.set_default_timeout(PATIENCE_MS)
    page, complaints, addresses = context.new_page(), [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: addresses.append(sent.url))
    page.goto(running.state.settings.base + "/login")
    yield page
    assert [each for each in complaints if "401" not in each and "404" not in each] == []
    assert all(each.startswith(running.state.settings.base) for each in addresses)
    context.close()


def violations(page: Page) -> list[str]:
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]]


def test_pages_fit_and_are_accessible(page: Page, running: Starlette) -> None:
    assert violations(page) == []
    page.goto(running.state.settings.base + "/start?key=wrong")
    assert violations(page) == []
    page.goto(running.state.door.key.address)
    assert page.title() == "Home · Common Beat"
    for details in page.locator("details").all()[:3]:
        details.evaluate("each => each.open = true")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
    page.goto(running.state.settings.base + "/team")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
    page.goto(running.state.settings.base + "/nothing")
    assert page.locator("h1").inner_text() == "Nothing is here"


def test_the_keyboard_alone_reads_a_sentence_and_leaves(page: Page, running: Starlette) -> None:
    page.goto(running.state.door.key.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    first = page.locator("details").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("open", "")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/login")
    page.goto(running.state.settings.base + "/")
    page.wait_for_url(re.compile(r"/login\?next=/$"))


def test_a_page_of_another_site_sends_nothing_in_our_name(page: Page, running: Starlette) -> None:
    page.goto(running.state.door.key.address)
    base = running.state.settings.base
    form = f"<form method=post action='{base}/leave'><input name=csrf value=x></form>"
    with page.expect_response("**/leave") as sent:
        # A page without an origin of ours, as a foreign site would serve it.
        page.goto(f"data:text/html,{form}<script>document.forms[0].submit()</script>")
    assert sent.value.status in (401, 403)
    page.wait_for_url("**/leave")  # a page that is still coming would break into the next one
    page.goto(base + "/")
    assert page.title() == "Home · Common Beat"


def test_paper_is_light_and_shows_no_buttons(page: Page, running: Starlette) -> None:
    page.goto(running.state.door.key.address)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(253, 253, 251)"
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert page.get_by_role("heading", name="The story, sentence by sentence").is_visible()
