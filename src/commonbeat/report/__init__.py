"""What a run says, as a page that can be read, printed and passed on without a network."""

from __future__ import annotations
