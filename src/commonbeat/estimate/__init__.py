"""What changed, for whom, and how sure: estimators over plain arrays, and the design that says which of them apply."""
