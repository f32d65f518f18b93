"""What those who are asked do with their links: agree, answer or skip, keep their code, take everything back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.web.respond.served import settled
from tests.web.story.served import Watched

PHONE = 360
MOST_PAGES = 12


def answer(seen: Watched, link: str, number: int, *, skips: bool) -> str:
    """Somebody answered on a telephone; the code of withdrawal that was shown."""
    context = seen.context(PHONE)
    page = context.new_page()
    page.goto(link)
    if number == 0:
        seen.look_at(page, "asked-consent")
    page.get_by_role("button", name="I am 18 or older").click()
    settled(page, "Please tell us")
    for _ in range(MOST_PAGES):
        if not page.get_by_role("heading", name="Please tell us").count():
            break
        fill_in(page, number, skips=skips)
        if number == 0:
            seen.look_at(page, "asked-questions")
        before = page.url
        page.get_by_role("button", name="Next").click()
        page.wait_for_url(lambda url, before=before: url != before)
        expect(page.locator("h1")).to_be_focused()
    code = page.locator(".code").inner_text()
    if number == 0:
        seen.look_at(page, "asked-thanks")
    page.locator("main form button").last.click()
    expect(page.locator(".code")).to_have_count(0)
    context.close()
    return code


def fill_in(page: Page, number: int, *, skips: bool) -> None:
    """Every question of the page has an answer, or, for who skips, all but the first."""
    questions = page.locator("fieldset.question").all()
    for question in questions[1:] if skips else questions:
        options = question.locator(".choices:first-of-type input[type=radio]:not(.rather-not input)")
        if options.count():
            options.nth(number % options.count()).check()
        else:
            question.locator("input.field, textarea.field").fill(str(number + 1))


def take_back(seen: Watched, code: str) -> None:
    """Everything behind the code was deleted by whoever holds it, without signing in."""
    context = seen.context(PHONE)
    page = context.new_page()
    page.goto("/withdraw")
    seen.look_at(page, "asked-withdraw")
    page.locator("#code").fill(code)
    page.get_by_role("button", name=re.compile("Delete")).click()
    expect(page.locator("h1")).to_have_text("Deleted")
    context.close()
