"""In Chromium: a viewers' study is built with films from a folder, its film plays to a respondent, and Back loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from tests.web.listen.test_films import SUBRIP, film
from tests.web.on_a_port import free_port, running
from tests.web.respond.served import PATIENCE_MS, chromium, look_at, too_wide, violations

pytestmark = pytest.mark.slow
PLAYED = """async () => {
    const film = document.querySelector("video");
    film.muted = true;
    await film.play();
    await new Promise((done) => film.addEventListener("timeupdate", done, { once: true }));
    film.pause();
    return [film.videoWidth, film.seekable.end(0) > 1, film.textTracks.length];
}"""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Any]:
    """A page of somebody who came by the start key."""
    with free_port() as listening:
        settings = settings_for(tmp_path / "team", port=listening.getsockname()[1])
        settings.project.mkdir()
        app = application(settings, tell=lambda _: None)
        with running(app, listening), chromium() as browser:
            context = browser.new_context(base_url=settings.base, viewport={"width": 1280, "height": 900})
            context.set_default_timeout(PATIENCE_MS)
            made = context.new_page()
            made.goto(app.state.door.key.address)
            yield made


def further(page: Any, step: int) -> None:
    page.locator(f"button[value='step:{step - 1}']", has_text="Next").click()
    expect(page.locator("#step-title")).to_contain_text(f"{step}. ", timeout=PATIENCE_MS)


def looked_at(page: Any, name: str) -> None:
    """Nothing is too wide on a telephone, and axe finds nothing in the light or in the dark."""
    look_at(page, name)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 900})
    look_at(page, f"{name}-360")
    assert too_wide(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_film_is_taken_seen_beforehand_and_played_to_a_respondent(page: Any, tmp_path: Path) -> None:
    clip = film(tmp_path / "The dance-off.webm", "libvpx", seconds=2)
    (tmp_path / "words.srt").write_text(SUBRIP)
    page.goto("/listen/new")
    page.locator("button[value='design:viewers']").click()
    page.get_by_label("Español", exact=True).uncheck()
    for field, words in (("identifier", "seen"), ("title-en", "A clip"), ("organisation", "We"), ("contact", "Ana")):
        page.locator(f"#at-{field}").fill(words)
    for step in (2, 3, 4):
        further(page, step)
    for arm in (1, 2, 3):
        page.set_input_files(f"#file-{arm}", clip)
        page.locator(f"#at-arms-{arm}-description-en").fill("A street. People dance.")
    for arm in (3, 4):
        page.locator(f"#at-arms-{arm}-text-en").fill("An officer danced.")
    page.locator("button[value='take:1']").click()
    expect(page.locator("#file-1-about")).to_contain_text("64 x 48", timeout=PATIENCE_MS)
    page.set_input_files("#file-1", tmp_path / "words.srt")
    further(page, 5)
    page.go_back()
    expect(page.locator("#at-arms-3-text-en")).to_have_value("An officer danced.", timeout=PATIENCE_MS)
    assert page.evaluate(PLAYED) == [64, True, 1]
    looked_at(page, "film-taken")
    further(page, 5)
    page.locator("#at-purpose-en").fill("To know.")
    page.locator("#at-debriefing-en").fill("You saw one of four things.")
    further(page, 6)
    page.get_by_role("button", name="Keep it as a draft").click()
    page.get_by_role("button", name="Open it", exact=True).click()
    expect(page.get_by_text("Open: people can answer.")).to_be_visible(timeout=PATIENCE_MS)
    looked_at(page, "film-open")
    page.get_by_text("Personal links", exact=True).click()
    page.get_by_role("button", name="Make links").click()
    for link in page.locator("#links").input_value().split():
        if seen_by(page.context.browser, link):
            return
    pytest.fail("nobody of ten was drawn to a film")


def seen_by(browser: Any, link: str) -> bool:
    """Whether whoever has that link is shown a film, which then plays."""
    person = browser.new_context()
    person.set_default_timeout(PATIENCE_MS)
    page = person.new_page()
    page.goto(link)
    page.locator("button[name=agreed][value=yes]").click()
    page.get_by_role("heading", name="Please tell us").wait_for()
    page.locator("main form[autocomplete] button").last.click()
    page.get_by_role("heading", name="Please take this in first").wait_for()
    shown = page.locator("video").count() > 0
    if shown:
        width, seekable, _ = page.evaluate(PLAYED)
        assert (width, seekable) == (64, True)
    person.close()
    return shown
