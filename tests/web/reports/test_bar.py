"""A report is sent below a bar that leads back; what is kept, downloaded and printed knows nothing of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commonbeat.web.reports.bar import with_bar
from commonbeat.workflows.web_reports import result_in
from tests.web.jobs.signed_in import Staff, app_of

REPORT = '<!DOCTYPE html>\n<html lang="es"><head><title>A</title></head>\n<BODY class="page"><main>Words</main></body></html>'
PLACE = "runs/night & day"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / PLACE
    folder.mkdir(parents=True)
    for name in ("report.html", "report-print.html"):
        (folder / name).write_text(REPORT, encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"title": "<b>Night</b>"}), encoding="utf-8")
    return tmp_path


def test_what_is_sent_is_the_file_with_a_bar_in_it(project: Path) -> None:
    with app_of(project) as app:
        viewer = Staff(app, "viewer")
        sent = viewer.get(f"/reports/open/{PLACE}/report.html").text
        bar = re.search(r"<nav class=\"way-back\".*?</nav>\n?", sent, re.DOTALL)
        assert bar is not None
        assert sent.replace(bar.group(0).rstrip("\n"), "") == REPORT
        assert sent.index("<nav") == sent.index('<BODY class="page">') + len('<BODY class="page">')
        links = re.findall(r'href="([^"]+)"', bar.group(0))
        assert links == [
            "/reports/of/runs/night%20%26%20day",
            "/reports/open/runs/night%20%26%20day/report-print.html",
            "/reports",
        ]
        assert [viewer.get(each).status_code for each in links] == [200, 200, 200]
        assert "<b>Night" not in bar.group(0)
        assert "@media print { .way-back { display: none" in bar.group(0)
        printed = viewer.get(links[1]).text
        assert "report-print.html" not in printed  # no link to itself
        assert viewer.get(f"/reports/file/{PLACE}/report.html").text == REPORT
    assert (project / PLACE / "report.html").read_text(encoding="utf-8") == REPORT


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><p>No body is told.", b"\xff\xfe<bod"])
def test_a_page_without_a_body_is_sent_as_it_is(project: Path, content: bytes) -> None:
    result = result_in(project, PLACE)
    assert result is not None
    assert with_bar(content, result, "report.html") == content
