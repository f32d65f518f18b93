"""OpenVINO from several threads: its first answers must not wait for each other for ever."""

from __future__ import annotations

import subprocess
import sys

TWO_THREADS = """
import os, sys, threading
import openvino
from commonbeat.record.video.models.inference import runtime

sys.setswitchinterval(1e-6)
ready = threading.Barrier(2)

def ask():
    ready.wait()
    runtime()
    openvino.Type.f32.to_dtype()

threads = [threading.Thread(target=ask, daemon=True) for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join(240)
os._exit(any(each.is_alive() for each in threads))
"""


def test_two_threads_that_ask_for_the_first_time_do_not_wait_for_each_other() -> None:
    # Without `runtime`, more than half of such pairs never came back.
    for _ in range(4):
        subprocess.run([sys.executable, "-c", TWO_THREADS], check=True, timeout=600)
