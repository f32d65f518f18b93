"""The pages of those who answer in a real browser: with and without a script, by keyboard, on a telephone, for a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import answers, participants
from commonbeat.workflows.listen_keep import close_study, invite, open_link, open_study
from tests.web.respond.served import (
    PATIENCE_MS,
    arrived,
    chromium,
    look_at,
    served,
    settled,
    too_wide,
    violations,
)

pytestmark = pytest.mark.slow
PRESENT = "those-present"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    with served(tmp_path_factory.mktemp("respond")) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


def opened(browser: Browser, base: str, **how) -> tuple[Page, list[str]]:
    """A new page, and what goes wrong in it or leaves for elsewhere."""
    context = browser.new_context(viewport=PHONE, locale="en-US", **how)
    context.set_default_timeout(PATIENCE_MS)
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith((base, "data:")) else wrong.append(sent.url))
    return page, wrong


@pytest.fixture(params=["light", "dark"])
def page(running: tuple[str, Store], browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A telephone's page that complains about nothing and keeps nothing."""
    made, wrong = opened(browser, running[0], color_scheme=request.param)
    yield made
    assert [each for each in wrong if "400" not in each and "404" not in each] == []
    assert made.context.cookies() == []
    assert made.evaluate("localStorage.length + sessionStorage.length") == 0
    made.context.close()


def personal(running: tuple[str, Store], audience: str = "adult", study: str = PRESENT) -> str:
    base, store = running
    return f"{base}/r/{invite(store, study, 1, audience=audience)[0].token}"


def sound(page: Page, name: str) -> None:
    """Nothing that axe finds, nothing too wide at any of three widths."""
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == 0, f"{name} at {width}"
    page.set_viewport_size(PHONE)
    look_at(page, f"{name}-{scheme}")
    assert violations(page) == [], name


def test_every_kind_of_page_is_accessible_and_fits(page: Page, running: tuple[str, Store]) -> None:
    page.goto(personal(running))
    sound(page, "consent")
    page.get_by_role("button", name="I am 18 or older").click()
    settled(page, "Please tell us")
    sound(page, "questions")
    for _ in range(8):
        if page.locator("h1").inner_text() == "Thank you":
            break
        if page.locator("textarea").count():
            sound(page, "own words")
        before = page.url
        page.get_by_role("button", name="Next").click()
        page.wait_for_url(lambda url, before=before: url != before)
        expect(page.locator("h1")).to_be_focused()
    sound(page, "thanks")
    page.goto(f"{running[0]}/r/{'A' * 22}")
    sound(page, "unknown")
    page.goto(f"{running[0]}/withdraw")
    sound(page, "withdraw")
    page.get_by_role("button", name="Delete my answers").click()
    page.get_by_text("This code is not known.").first.wait_for()
    sound(page, "withdraw refused")


def test_what_a_child_meets_is_accessible_and_large(page: Page, running: tuple[str, Store]) -> None:
    page.goto(personal(running, "child"))
    sound(page, "permission")
    page.get_by_role("button", name="I am the parent or guardian").click()
    settled(page, "Do you want to answer")
    sound(page, "assent")
    page.get_by_role("button", name="Yes, I want to").click()
    settled(page, "Tell us")
    sound(page, "pictures")
    targets = page.locator(".pictures label")
    assert targets.count() > 4
    for target in targets.all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 60
    targets.first.click()
    assert page.locator("input:checked").count() == 1


def test_what_is_shown_to_viewers_is_accessible(page: Page, running: tuple[str, Store]) -> None:
    seen = set()
    for _ in range(8):
        page.goto(personal(running, study="viewers"))
        page.get_by_role("button", name="I am 18 or older").click()
        settled(page, "Please tell us")
        page.get_by_role("button", name="Next").click()
        settled(page, "Please take this in first")
        film = "film" if page.locator("video").count() else "text"
        if film not in seen:
            sound(page, film)
        seen.add(film)
        if len(seen) == 2:
            return
    pytest.fail(f"only {seen} in eight draws")


def test_a_page_that_was_mended_begins_at_its_mistakes(page: Page, running: tuple[str, Store]) -> None:
    page.goto(personal(running))
    page.get_by_role("button", name="I am 18 or older").click()
    settled(page, "Please tell us")
    page.evaluate("document.querySelector('input[type=radio]').value = '77'")
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".mistakes")).to_be_focused()
    sound(page, "mistakes")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#question-"))


def test_pages_come_without_a_reload_and_back_does_not_reveal(page: Page, running: tuple[str, Store]) -> None:
    page.goto(personal(running))
    page.evaluate("window.mine = 1")
    page.get_by_role("button", name="I am 18 or older").click()
    settled(page, "Please tell us")
    assert page.evaluate("window.mine") == 1
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.locator("input[type=radio]").first.check()
    first = page.url
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("h1")).to_be_focused()
    page.go_back()
    arrived(page, "Already answered")
    assert page.locator("input:checked").count() == 0
    page.get_by_role("link", name="Go on").click()
    settled(page, "Please tell us")


def test_the_keyboard_alone_answers(page: Page, running: tuple[str, Store]) -> None:
    page.goto(personal(running))

    def tab_to(test: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(f"(() => {{ const it = document.activeElement; return {test}; }})()"):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        pytest.fail(f"nothing by Tab: {test}")

    tab_to("it.value === 'yes'")
    page.keyboard.press("Enter")
    settled(page, "Please tell us")
    tab_to("it.type === 'radio'")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.name")
    assert page.evaluate("document.activeElement.checked")
    first = page.url
    tab_to("it.tagName === 'BUTTON' && it.closest('.actions')")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    with running[1].reading() as connection:
        kept = connection.execute(select(answers.c.value).where(answers.c.item == chosen)).scalars().all()
    assert 2 in kept


def press(page: Page, button: Locator) -> None:
    """The page that the button leads to was loaded."""
    with page.expect_navigation():
        button.click()


def test_without_a_script_everything_works(running: tuple[str, Store], browser: Browser) -> None:
    base, store = running
    page, wrong = opened(browser, base, java_script_enabled=False)
    page.goto(f"{base}/r/{open_link(store, PRESENT)}")
    press(page, page.get_by_role("button", name="Español"))
    press(page, page.get_by_role("button", name="Empezar"))
    press(page, page.locator("button[value=adult]"))
    press(page, page.locator("button[value=yes]"))
    page.locator("label:has(input[type=radio])").first.click()
    for _ in range(8):
        if page.locator("h1").inner_text() == "Gracias":
            break
        press(page, page.locator(".actions button"))
    expect(page.locator(".code")).to_have_count(1)
    look_at(page, "without a script")
    code = page.locator(".code").inner_text()
    press(page, page.locator(".actions button").last)
    assert code not in page.content()
    page.goto(f"{base}/withdraw")
    page.locator("#code").fill(code)
    press(page, page.locator(".actions button"))
    expect(page.locator("h1")).to_have_text("Deleted")
    assert wrong == []
    assert page.context.cookies() == []
    page.context.close()


def test_a_kiosk_without_a_script_leaves_time_to_write(running: tuple[str, Store], browser: Browser) -> None:
    base, store = running
    page, wrong = opened(browser, base, java_script_enabled=False)
    page.goto(f"{base}/k/{open_link(store, PRESENT, 'kiosk', audience='adult')}")
    press(page, page.get_by_role("button", name="Start"))
    press(page, page.locator("button[value=yes]"))
    told = page.locator(".stopping noscript p")
    assert (told.is_visible(), told.text_content()[:20]) == (True, "After 10 min without")
    assert not page.locator("[data-scripted]").is_visible()
    look_at(page, "kiosk without a script")
    press(page, page.get_by_role("button", name="Stop and throw this away"))
    expect(page.locator("h1")).to_have_text("Would you like to answer some questions?")
    assert wrong == []
    page.context.close()


def test_a_kiosk_shows_nobody_the_one_before(page: Page, running: tuple[str, Store]) -> None:
    base, store = running
    start = f"{base}/k/{open_link(store, PRESENT, 'kiosk', audience='adult')}"
    page.goto(start)
    sound(page, "kiosk")
    page.get_by_role("button", name="Start").click()
    arrived(page, "Would you like to take part?")
    page.get_by_role("button", name="I am 18 or older").click()
    settled(page, "Please tell us")
    page.locator("input[type=radio]").first.check()
    sound(page, "kiosk questions")
    page.get_by_role("button", name="Stop and throw this away").click()
    page.wait_for_url(start)
    page.go_back()
    arrived(page, "Would you like to answer some questions?")
    assert page.locator("input:checked").count() == 0
    with store.reading() as connection:
        assert "withdrawn" in connection.execute(select(participants.c.state)).scalars().all()


def test_a_kiosk_that_nobody_touches_asks_and_goes_back(page: Page, running: tuple[str, Store]) -> None:
    base, store = running
    page.clock.install()
    start = f"{base}/k/{open_link(store, PRESENT, 'kiosk', audience='adult')}"
    page.goto(start)
    page.get_by_role("button", name="Start").click()
    arrived(page, "Would you like to take part?")  # until its script has run, the wait of this page has not begun
    page.clock.fast_forward("02:40")
    expect(page.locator("dialog.still-there")).to_be_visible()
    look_at(page, "kiosk idle")
    assert violations(page) == []
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("dialog.still-there")).to_be_hidden()
    page.clock.fast_forward("02:00")
    assert page.url != start
    page.clock.fast_forward("02:40")
    expect(page.locator("dialog.still-there")).to_be_visible()
    seat = page.locator("main").get_attribute("data-seat")
    page.clock.fast_forward("00:30")
    page.wait_for_url(start)
    page.goto(f"{base}{seat}")  # nobody sits there any more: the script has said so itself
    assert page.url == start


def test_whoever_writes_for_long_at_a_kiosk_keeps_the_seat(page: Page, running: tuple[str, Store]) -> None:
    base, store = running
    page.clock.install()
    page.goto(f"{base}/k/{open_link(store, PRESENT, 'kiosk', audience='adult')}")
    page.get_by_role("button", name="Start").click()
    arrived(page, "Would you like to take part?")
    heading = page.get_by_role("heading", name="Would you like to take part?")
    assert page.get_by_text("After 3 min without").first.is_visible()
    for _ in range(3):
        page.clock.fast_forward("01:10")
        with page.expect_request(lambda sent: sent.method == "HEAD") as sign:
            heading.click()
        assert sign.value.response().status == 200


def test_a_closed_study_says_so(page: Page, running: tuple[str, Store]) -> None:
    address = personal(running)
    close_study(running[1], PRESENT)
    try:
        page.goto(address)
        expect(page.locator("h1")).to_have_text("This study is closed")
        sound(page, "closed")
    finally:
        open_study(running[1], PRESENT)
