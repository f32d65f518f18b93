"""Whatever is sent to these parts of the app, it answers with words: never with a failure of its own."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from commonbeat.web import jobs, reports, simulate
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.workflows.web_jobs import list_jobs
from tests.web.jobs.signed_in import Staff, app_of
from tests.web.jobs.work import SCENARIO

ROUTES = [*jobs.routes(), *simulate.routes(), *reports.routes()]
ADDRESSES = sorted({route.path.replace("{number:int}", "1").replace("{place:path}", "runs/a") for route in ROUTES})
FIELDS = some.sampled_from(
    ["text", "do", "pasted", "value:days", "value:arms[1].events[0].day", "file", "group", "shipped"]
)
VALUES = some.text(max_size=30) | some.sampled_from([SCENARIO, "add_event:1:stop", "9" * 400, "\ufeff", "../../x"])


@pytest.fixture(scope="module")
def staff(tmp_path_factory):
    with app_of(tmp_path_factory.mktemp("hostile")) as app:
        yield Staff(app)


@pytest.mark.parametrize("address", ADDRESSES)
def test_wrong_methods_and_bodies_are_refused_in_words(staff, address) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
        response = staff.browser.request(
            method, address, content=b"\xff\x00{", headers={"content-type": "application/x"}
        )
        assert response.status_code in (200, 303, 400, 403, 404, 405), (method, address)
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded"):
        response = staff.browser.post(address, content=b"--x\r\n%ff%00=\xff", headers={"content-type": kind})
        assert response.status_code in (400, 403, 404, 405), (kind, address)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some.sampled_from(["/simulate/new", "/simulate/check", "/simulate/run", "/simulate/fit", "/reports/print/a"]),
    some.dictionaries(FIELDS, VALUES, max_size=4),
)
def test_no_form_breaks_a_page(staff, address, fields) -> None:
    response = staff.post(address, fields)
    assert response.status_code in (200, 303, 400, 404)
    keeper = keeper_of(staff.app)
    for job in list_jobs(staff.app.state.store, ("waiting",)):
        assert (keeper.folder(job.number).path / "scenario.toml").is_file()
        staff.post(f"/jobs/{job.number}/stop")


@settings(max_examples=60, deadline=None)
@given(some.text(some.characters(codec="utf-8"), max_size=40), some.text(some.characters(codec="utf-8"), max_size=20))
def test_no_address_breaks_a_page(staff, place, query) -> None:
    from urllib.parse import quote

    for beginning in (
        "/reports/open/",
        "/reports/file/",
        "/reports/of/",
        "/simulate/runs/",
        "/jobs/",
        "/simulate/new?run=",
    ):
        response = staff.get(f"{beginning}{quote(place, safe='')}?group={quote(query)}&job={quote(query)}")
        assert response.status_code in (200, 404), beginning
