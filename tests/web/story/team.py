"""What the team does in the app: records the dance-off, builds a study, drops a file, runs a simulation, prints."""

from __future__ import annotations

import datetime as dt
import random
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web.held import hold
from tests.web.jobs.work import SCENARIO
from tests.web.respond.served import WORK_MS
from tests.web.story.served import Watched

TODAY = dt.datetime.now(dt.UTC).date()
PERMISSIONS = [  # person by person, and for a child its guardian first
    "officer 1, own consent",
    *(f"child {number}, {who}" for number in (1, 2) for who in ("the guardian", "own consent")),
]
SCALES = ("trust_levels", "enjoyment")


def on(days: int) -> str:
    return (TODAY + dt.timedelta(days=days)).isoformat()


def go_to(page: Page, part: str) -> None:
    """The part of the app under that name in the bar stands there."""
    link = page.get_by_role("navigation", name="Parts").get_by_role("link", name=part, exact=True)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    page.wait_for_load_state()


def record(seen: Watched, page: Page) -> None:
    """The dance-off is recorded from nothing, with the consent of each person in it."""
    page.goto("/")
    go_to(page, "Record")
    seen.look_at(page, "record-list-empty")
    page.get_by_role("link", name="Record an encounter").click()
    page.get_by_label("What happened, in a few words").fill("A dance-off in the street")
    page.get_by_label("A word for the encounter").fill("dance-off")
    page.get_by_label("Day", exact=True).fill(on(-2))
    seen.look_at(page, "record-1")
    further(page, 2)
    for number, (role, count) in enumerate((("officer", 1), ("child", 2)), 1):
        page.get_by_role("button", name=re.compile(r"^Add (one|another)")).click()
        row = page.locator(f"#at-people-{number}")
        row.get_by_label(re.compile("^Role")).select_option(role)
        row.get_by_label(re.compile("^Took part or stood by")).select_option("took part")
        row.get_by_label(re.compile("^How many")).fill(str(count))
    seen.look_at(page, "record-2")
    for step in (3, 4, 5):
        further(page, step)
    further(page, 6)
    rows = page.locator("#at-consent-permissions fieldset:has(> legend:text-matches('^(officer|child)'))")
    expect(rows.locator("> legend")).to_have_text(PERMISSIONS)
    seen.look_at(page, "record-6")
    for row in rows.all():
        for scope in ("analyse", "keep", "show"):
            row.get_by_label(re.compile(rf"^\s*{scope}:")).check()
        row.get_by_label(re.compile("^Who asked")).select_option("youth organisation")
        row.get_by_label(re.compile("^Said yes on")).fill(on(-1))
        row.get_by_label(re.compile("^Holds until")).fill(on(700))
    further(page, 7)
    seen.look_at(page, "record-7")
    page.get_by_role("button", name="Keep this record").click()
    expect(page.get_by_role("heading", name="A dance-off in the street")).to_be_visible()
    expect(page.locator("#allowed + dl")).to_contain_text("everybody who is asked agreed")
    seen.look_at(page, "record-kept")


def further(page: Page, step: int) -> None:
    """The next step of the form stands there."""
    page.get_by_role("button", name=re.compile("^Next: ")).click()
    expect(page.locator("#step-title")).to_have_text(re.compile(rf"^{step}\. "))
    page.wait_for_load_state()  # with all its fields


def study(seen: Watched, page: Page) -> str:
    """A study of those who were there is built from the bank and opened; the address of its page."""
    go_to(page, "Listen")
    seen.look_at(page, "listen-list-empty")
    page.get_by_role("link", name=re.compile("^Build a study")).first.click()
    begin = page.get_by_role("button", name=re.compile("^Begin ?: Those who were there"))
    begin.wait_for()
    seen.look_at(page, "listen-begin")
    begin.click()
    expect(page.locator("#step-title")).to_have_text(re.compile(r"^1\. "))
    for language in ("English", "Español"):
        page.get_by_label(language, exact=True).set_checked(language == "English")
    for audience in ("children", "officers"):
        page.get_by_label(audience, exact=True).uncheck()
    page.locator("#at-identifier").fill("dance-off-asked")
    page.locator("#at-title-en").fill("The dance-off in our street")
    page.locator("#at-organisation").fill("The youth house")
    page.locator("#at-contact").fill("the youth house, telephone 555 0100")
    page.locator("#at-encounter").select_option("dance-off")
    seen.look_at(page, "listen-1")
    further(page, 2)
    page.get_by_role("button", name="Take out Time 2").click()
    expect(page.locator("#at-waves-2")).to_have_count(0)
    further(page, 3)
    for box in page.locator("input[name=scales]").all():
        box.set_checked(box.get_attribute("value") in SCALES)
    seen.look_at(page, "listen-3")
    further(page, 4)
    further(page, 5)
    page.locator("#at-purpose-en").fill("We want to know how it was for those who were there.")
    page.locator("#at-debriefing-en").fill("Whether such a moment changes anything, nobody knows yet.")
    seen.look_at(page, "listen-5")
    further(page, 6)
    seen.look_at(page, "listen-6")
    page.get_by_role("button", name="Keep it as a draft").click()
    expect(page.get_by_text("A draft: nobody can answer yet.")).to_be_visible()
    seen.look_at(page, "listen-draft")
    page.get_by_role("button", name="Open it", exact=True).click()
    expect(page.get_by_text("Open: people can answer.")).to_be_visible()
    return page.url


def links(seen: Watched, page: Page, count: int) -> list[str]:
    """Personal links, as they are shown once."""
    page.get_by_text("Personal links", exact=True).click()
    page.get_by_label("How many people").fill(str(count))
    page.get_by_role("button", name="Make links").click()
    found = page.locator("#links").input_value().split()
    seen.look_at(page, "listen-links")
    return found


def results(seen: Watched, page: Page, address: str) -> None:
    """Of five people no count below ten is told, on the study's page and in its report, and both say so."""
    page.goto(address)
    expect(page.locator("#live")).to_contain_text("fewer than 10")
    seen.look_at(page, "listen-open")
    page.goto(address)
    page.get_by_role("button", name="Make the report").click()
    page.wait_for_url("**/reports/open/listening/dance-off-asked-*/report.html")  # by itself, once the work is done
    expect(page.locator("main").first).to_contain_text(re.compile("fewer than (ten|10)"))
    seen.look_at(page, "listen-report", scripts=False)
    page.get_by_role("link", name="Back to The dance-off in our street").click()
    expect(page.locator("h1")).to_have_text("The dance-off in our street")
    seen.look_at(page, "listen-result")


def estimate(seen: Watched, page: Page, folder: Path) -> None:
    """A file is dropped, its columns are named, and what changed is told with its warnings."""
    luck = random.Random(5)
    rows = [f"{each % 2},{3 + 0.5 * (each % 2) + luck.gauss(0, 1):.2f}" for each in range(160)]
    (folder / "visits.csv").write_text("\n".join(["visited,trust", *rows]), encoding="utf-8")
    page.goto("/")
    go_to(page, "Estimate")
    seen.look_at(page, "estimate-begin")
    page.get_by_label("Data file").set_input_files(folder / "visits.csv")
    page.get_by_role("button", name="Look at its columns").click()
    expect(page.get_by_role("heading", name="The comparison")).to_be_visible()
    seen.look_at(page, "estimate-columns")
    page.locator("#at-outcome").select_option("trust")
    page.locator("#at-treatment").select_option("visited")
    page.get_by_role("button", name="Estimate", exact=True).click()
    expect(page.get_by_role("heading", name="The main figures")).to_be_visible()
    seen.look_at(page, "estimate-result")
    page.go_back()  # to where it was asked for, not to the page of the work
    expect(page.get_by_role("heading", name="The comparison")).to_be_visible()
    page.goto("/jobs")
    seen.look_at(page, "jobs")
    page.get_by_role("link", name="Estimate: visits").click()
    opens = page.get_by_role("link", name="Open the result")
    opens.wait_for()
    seen.look_at(page, "job-ended")
    opens.click()
    expect(page.get_by_role("heading", name="The main figures")).to_be_visible()


def simulate(seen: Watched, page: Page) -> None:
    """A small scenario is brought, run and watched to its end; its report stands open."""
    go_to(page, "Simulate")
    seen.look_at(page, "simulate-begin")
    page.get_by_label("Or its text").fill(SCENARIO.replace("draws = 3", "draws = 12"))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="A short test")).to_be_visible()
    seen.look_at(page, "simulate-form")
    page.get_by_role("button", name="Run it").click()
    page.wait_for_url("**/jobs/*")
    ended = page.get_by_role("link", name="Compare the arms")
    page.locator(".picture").or_(ended).first.wait_for(
        timeout=WORK_MS
    )  # on quiet cores all draws may be over before anybody looks
    seen.look_at(page, "simulate-under-way")
    ended.wait_for(timeout=WORK_MS)
    seen.look_at(page, "simulate-ended")
    hold(page)
    ended.click()
    expect(page.locator("table caption").first).to_be_visible()
    expect(page.locator(".pictures figure").first).to_be_visible()
    seen.look_at(page, "simulate-arms")
    page.get_by_role("link", name="Open the report").click()
    page.wait_for_url("**/report.html")
    seen.look_at(page, "simulate-report", scripts=False)


def two_pages(seen: Watched, page: Page) -> list[bytes]:
    """The PDF of every printed version that Reports leads to."""
    page.goto("/")
    go_to(page, "Reports")
    seen.look_at(page, "reports")
    places = [each.get_attribute("href") for each in page.locator(".card-title a").all()]
    found = []
    for place in places:
        page.goto(place or "")
        make = page.get_by_role("button", name="Make the two pages for printing")
        if make.count():
            make.click()
        page.get_by_role("link", name=re.compile("the two pages for printing|Two pages to print")).first.click()
        page.wait_for_url("**/report-print.html")
        found.append(page.pdf(prefer_css_page_size=True))
    return found
