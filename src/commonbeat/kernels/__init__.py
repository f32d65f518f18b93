"""Floor 0: loops over arrays, compiled by Numba; no objects, settings or clock."""
