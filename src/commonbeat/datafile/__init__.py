"""A data file as people have it, read whole: columns, labels, question texts, and what was odd about it."""
