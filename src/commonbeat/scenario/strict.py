"""The base of every part of a scenario: strict types, no unknown keys, nothing that changes later."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """A frozen record that takes exactly its own fields, of exactly their types, and finite numbers only."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )
