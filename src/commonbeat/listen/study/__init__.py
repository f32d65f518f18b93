"""A study as its file declares it: its checks, its pages, what was answered on them, and who is drawn to which arm."""
