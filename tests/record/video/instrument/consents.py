"""Consents for tests of the instrument, read as a file holds them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from commonbeat.record import Consent, load_consent
from tests.record.examples import a_consent


def consent_of(**changes: Any) -> Consent:
    """Two children, their guardians and an officer, who agreed to everything but face measures."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "consent.json"
        path.write_text(json.dumps(a_consent(**changes)), encoding="utf-8")
        return load_consent(path)
