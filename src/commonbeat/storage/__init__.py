"""Where records of people are kept: an engine, a schema and its migrations."""
