"""Processes of a job are told by their mark, and when they were ended they are gone."""

from __future__ import annotations

import os
import subprocess

from commonbeat.web.jobs.processes import MARK, end_all, marked


def test_those_who_were_ended_are_gone_at_once_and_others_are_left_alone() -> None:
    one, other = ({**os.environ, MARK: mark} for mark in ("of a test", "of another test"))
    made = [subprocess.Popen(["sleep", "600"], env=one) for _ in range(12)]
    spared = subprocess.Popen(["sleep", "600"], env=other)
    try:
        assert end_all("of a test") == 12
        assert marked("of a test") == []
        assert end_all("of a test") == 0
        assert marked("of another test") == [spared.pid]
    finally:
        for each in (*made, spared):
            each.kill()
            each.wait()
