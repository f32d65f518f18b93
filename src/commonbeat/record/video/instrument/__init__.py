"""The instrument as a whole: one pass over a film, what is kept of it, and what it says of the people together."""
