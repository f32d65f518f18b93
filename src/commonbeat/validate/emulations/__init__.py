"""One module per kind of study; each says in a draw what the study would have found."""
