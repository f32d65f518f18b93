"""The video instrument: what can be seen and heard in a clip, and nothing else."""
