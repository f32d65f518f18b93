"""Who sees and shares a clip."""
