"""Common Beat: find out whether a positive encounter mattered."""
