"""Forms that people fill in: fields read off a model, what was sent as a tree of plain values, and mistakes beside their fields.

Names of fields are places as errors write them, such as when.hour or people.1.count, so that a mistake finds its field by itself.
"""

from __future__ import annotations
