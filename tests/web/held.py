"""A page that follows something holds still while somebody looks at it or presses a button: what comes meanwhile is left out.

A look at a page takes a while, and a press is two events. Where the page is exchanged between them, the look finds what stands
nowhere and the press meets nobody. People look again and press again; a test would fail by chance.
"""

from __future__ import annotations

from playwright.sync_api import Page

HOLD = """() => {
  const live = document.getElementById("live");
  if (!live || live.held) return;
  live.held = (event) => event.preventDefault();
  for (const each of ["htmx:beforeRequest", "htmx:beforeSwap"]) live.addEventListener(each, live.held);
  Object.defineProperty(live, "innerHTML", { configurable: true, set: (html) => { live.missed = html; } });
}"""
LET_GO = """() => {
  const live = document.getElementById("live");
  if (!live || !live.held) return;
  for (const each of ["htmx:beforeRequest", "htmx:beforeSwap"]) live.removeEventListener(each, live.held);
  delete live.innerHTML;
  if (live.missed !== undefined) live.innerHTML = live.missed;
  delete live.missed;
  delete live.held;
}"""


def hold(page: Page) -> None:
    """Nothing on the page is exchanged any more. Whoever leaves the page need not let it go."""
    page.evaluate(HOLD)


def let_go(page: Page) -> None:
    """The page shows what came last, and follows again."""
    page.evaluate(LET_GO)
