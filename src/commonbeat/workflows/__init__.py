"""One function per command: each gathers what it needs, joins the stages, and saves or hands back the outcome.

The command line and, later, the web call these and nothing below them.
"""

from __future__ import annotations
