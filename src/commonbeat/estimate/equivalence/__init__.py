"""Whether an effect is too small to matter, or not worse than a margin."""

from __future__ import annotations

from commonbeat.estimate.equivalence.margin import margin_test, margin_test_of

__all__ = ["margin_test", "margin_test_of"]
