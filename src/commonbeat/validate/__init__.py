"""Published studies, emulated: what the model says they would have found, beside what they found."""
