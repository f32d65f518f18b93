"""Where people are to one another: distances, approach, groups, and to whom a head is turned."""
