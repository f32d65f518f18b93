"""Moving together: measures of pairs and of the group, each beside what strangers give."""
