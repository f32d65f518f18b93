"""The offline file in a real browser: opened from a disk, without a network, then with one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from commonbeat.listen.study.reading import bank_of
from commonbeat.storage import Store
from commonbeat.storage.tables_listen import participants
from commonbeat.web.respond.offline import offline_file
from commonbeat.workflows.listen_keep import open_link, synchronise
from tests.web.respond import studies
from tests.web.respond.served import PATIENCE_MS, chromium, look_at, served, too_wide, violations

pytestmark = pytest.mark.slow
PRESENT = "those-present"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, Store]]:
    with served(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 360, "height": 740}, accept_downloads=True)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def opened(context: BrowserContext, running: tuple[str, Store], tmp_path: Path) -> tuple[Page, str, list[str]]:
    """The file as a device has it, its link, and what it complains about or asks of anybody."""
    base, store = running
    token, study = open_link(store, PRESENT, "offline"), studies.present()
    text = offline_file(study, bank_of(study), token, ["en", "es"], address=base, today=studies.TODAY)
    (tmp_path / "study.html").write_text(text, encoding="utf-8")
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith(("file:", "blob:")) else wrong.append(sent.url))
    page.goto(f"file://{tmp_path / 'study.html'}")
    return page, token, wrong


def answer(page: Page, audience: str = "I am 18 or older", agree: tuple[str, ...] = ("I am 18 or older",)) -> str:
    """Somebody answers; returned is their code."""
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name=audience).click()
    for each in agree:
        page.get_by_role("button", name=each).click()
    page.locator("input[type=radio]").first.check()
    while not page.locator(".code").count():
        page.locator("form .actions button").click()
    return page.locator(".code").inner_text()


def tried(page: Page) -> None:
    """The start tells that nothing could be sent. Until then it may be drawn anew, under a press or a look, and "online" changes nothing."""
    expect(page.locator("main")).to_contain_text("It could not be sent.")


def without_network(context: BrowserContext) -> None:
    """Nothing reaches the server, also after a reload, when the browser's own switch comes a moment too late."""
    context.route(re.compile("^http:"), lambda route: route.abort())


def with_network(context: BrowserContext, page: Page) -> None:
    """Everything reaches it again, and the page hears of it."""
    context.unroute_all()
    page.evaluate("void dispatchEvent(new Event('online'))")


def people(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(participants)).scalar_one()


def test_without_a_network_it_waits_and_with_one_it_goes(
    running: tuple[str, Store], context: BrowserContext, tmp_path: Path
) -> None:
    page, _, wrong = opened(context, running, tmp_path)
    assert wrong == []
    without_network(context)
    codes = [answer(page)]
    look_at(page, "offline code")
    assert violations(page) == []
    page.get_by_role("button", name="Next person").click()
    tried(page)
    expect(page.locator("main")).to_contain_text("not yet sent: 1")
    codes.append(answer(page, "A child", ("I am the parent", "Yes, I want to")))
    assert codes[0] not in page.locator("main").inner_text()
    page.reload()  # a device that was switched off meanwhile
    tried(page)
    expect(page.locator("main")).to_contain_text("not yet sent: 2")
    assert (too_wide(page), people(running[1])) == (0, 0)
    look_at(page, "offline start")
    assert violations(page) == []
    with_network(context, page)
    expect(page.locator("main")).to_contain_text("taken off this device")
    expect(page.locator("main")).to_contain_text("not yet sent: 0")
    assert people(running[1]) == 2
    assert page.evaluate("Object.values(localStorage)") == ["[]"]
    asked = {each for each in wrong if each.startswith("http")}
    assert {each.rsplit("/", 1)[0] for each in asked} == {f"{running[0]}/offline"}
    # The code that the device made opens the way back at the server.
    page.goto(f"{running[0]}/withdraw")
    page.locator("#code").fill(codes[0])
    page.get_by_role("button", name="Delete my answers").click()
    expect(page.locator("h1")).to_have_text("Deleted")


def test_an_answer_that_was_lost_on_the_way_back_doubles_nothing(
    running: tuple[str, Store], context: BrowserContext, tmp_path: Path
) -> None:
    page, _, _ = opened(context, running, tmp_path)
    lost = []

    def lose(route) -> None:
        lost.append(route.fetch().status)  # the server has it, and the device never hears
        route.abort()

    page.route("**/offline/*", lose)
    answer(page)
    page.get_by_role("button", name="Next person").click()
    tried(page)
    expect(page.locator("main")).to_contain_text("not yet sent: 1")
    assert (lost, people(running[1])) == ([200], 1)
    page.unroute("**/offline/*")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("main")).to_contain_text("not yet sent: 0")
    assert people(running[1]) == 1


def test_a_network_that_comes_back_while_a_try_still_waits_is_used(
    running: tuple[str, Store], context: BrowserContext, tmp_path: Path
) -> None:
    page, _, _ = opened(context, running, tmp_path)
    held = []
    page.route("**/offline/*", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/offline/*"):
        answer(page)
    page.get_by_role("button", name="Next person").click()
    expect(page.locator("main")).to_contain_text("not yet sent: 1")
    page.evaluate("void dispatchEvent(new Event('online'))")
    held[0].abort()
    expect(page.locator("main")).to_contain_text("not yet sent: 0")
    assert people(running[1]) == 1


def test_a_file_can_be_carried_instead(running: tuple[str, Store], context: BrowserContext, tmp_path: Path) -> None:
    page, token, _ = opened(context, running, tmp_path)
    without_network(context)
    answer(page)
    page.get_by_role("button", name="Next person").click()
    tried(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    assert saving.value.suggested_filename == "those-present-responses.json"
    document = json.loads(Path(saving.value.path()).read_text(encoding="utf-8"))
    expect(page.locator("main")).to_contain_text("not yet sent: 1")
    assert len(synchronise(running[1], token, document).kept) == 1
    with_network(context, page)
    expect(page.locator("main")).to_contain_text("not yet sent: 0")
    assert people(running[1]) == 1


def test_a_no_keeps_nothing_and_a_browser_that_keeps_nothing_is_told_of(
    running: tuple[str, Store], context: BrowserContext, tmp_path: Path
) -> None:
    page, _, _ = opened(context, running, tmp_path)
    without_network(context)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="A child").click()
    page.get_by_role("button", name="I do not allow it").click()
    page.get_by_role("button", name="Next person").click()
    expect(page.locator("main")).to_contain_text("not yet sent: 0")
    page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('full'); })")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="I am 18 or older").click()
    page.get_by_role("button", name="I am 18 or older").click()
    while page.locator("form .actions button").count():
        page.locator("form .actions button").click()
    expect(page.locator("h1")).to_have_text("Not kept yet")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    assert len(json.loads(Path(saving.value.path()).read_text(encoding="utf-8"))["responses"]) == 1


def test_a_number_out_of_range_is_told_before_the_page_turns(
    running: tuple[str, Store], context: BrowserContext, tmp_path: Path
) -> None:
    page, _, _ = opened(context, running, tmp_path)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="I am 18 or older").click()
    page.get_by_role("button", name="I am 18 or older").click()
    page.locator("form .actions button").click()
    field = page.locator("input.number").first
    field.fill("11")
    page.locator("form .actions button").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("from 0 to 10, or leave it empty").first).to_be_visible()
    field.fill("7.5")
    page.locator("form .actions button").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(" 7 ")
    page.locator("form .actions button").click()
    expect(field).to_have_count(0)
