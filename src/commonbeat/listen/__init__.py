"""Asking people: the items, a study and its pages, and what the answers add up to. Values in, values out; no store, no web."""
