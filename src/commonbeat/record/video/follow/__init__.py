"""People over time: who is who from frame to frame, and what the camera itself did."""
