"""The obscured copy: heads are found in one pass, joined over time in both directions, and painted over in a second."""
