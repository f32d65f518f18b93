"""People asked more than once: within the same person, across people, and differences in differences."""

from __future__ import annotations

from commonbeat.estimate.panel.compare import PanelResult, compare_panel
from commonbeat.estimate.panel.data import PanelData, TwoByTwo
from commonbeat.estimate.panel.two_by_two import difference_in_differences

__all__ = ["PanelData", "PanelResult", "TwoByTwo", "compare_panel", "difference_in_differences"]
