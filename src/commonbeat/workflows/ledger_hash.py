"""The hash of everything that the evidence ledger says."""

from __future__ import annotations

import hashlib
from importlib import resources

LEDGER_FILES = ("cards.csv", "estimates.csv", "parameters.toml")


def ledger_hash() -> str:
    """SHA-256 over the ledger's files: changes when a card, a number or a rule changes."""
    digest = hashlib.sha256()
    for name in LEDGER_FILES:
        content = (resources.files("commonbeat.evidence") / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
