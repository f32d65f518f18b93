"""What a run leaves behind: tables with a documented schema, run folders, questions to them and measures of them."""
