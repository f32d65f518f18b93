"""Both databases, as the tests of the app's core have them."""

from __future__ import annotations

from tests.web.core.conftest import both, database, server

__all__ = ["both", "database", "server"]
