"""What local data say about the parameters, and what would change a result."""
