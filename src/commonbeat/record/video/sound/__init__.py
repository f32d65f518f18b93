"""The sound of a clip: how loud, what it consists of, its beat, and the group's movement against the beat."""
