"""The pages of docs/ and the README, cut into their fenced blocks."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE = "<!-- Made by scripts/write_reference_docs.py"
FENCE = re.compile(r"^( *)```(\S+)(?: (\w+))?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
CAPTION = re.compile(r"\A:caption: (\S+)\n\n")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the name of the file that it is, if any, and its text."""

    language: str
    file: str
    text: str
    line: int


def pages() -> list[Path]:
    """Every page that people wrote: docs/ without what a script makes, and the README."""
    written = [path for path in sorted(DOCS.glob("*.md")) if not path.read_text(encoding="utf-8").startswith(MADE)]
    return [*written, ROOT / "README.md"]


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = path.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        language = match[3] if match[2] == "{code-block}" else match[2]
        body = textwrap.dedent(match[4])
        caption = CAPTION.match(body)
        file = caption[1] if caption else ""
        body = body[caption.end() :] if caption else body
        found.append(Block(language, file, body, text.count("\n", 0, match.start()) + 1))
    return found


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """(command, lines that it is said to print) of a console block; in a bash block every line is a command."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if block.language == "bash":
            found.append((line.partition("#")[0].strip(), []))
        elif line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif line.startswith("> "):  # a shell asks so for the rest of a command
            found[-1] = (f"{found[-1][0]}\n{line.removeprefix('> ')}", [])
        else:
            found[-1][1].append(line)
    return [(command, lines) for command, lines in found if command]


def plain(line: str) -> str:
    """A line without what only sets it out: runs of blanks, and rules of any length."""
    return re.sub(r"(?:─+ ?)+", "─", re.sub(r"\s+", " ", line).strip()).strip()


def fits(said: list[str], printed: list[str]) -> bool:
    """Whether what was printed is what was said, where a line of three dots stands for any number of lines."""
    said, printed = ([line for line in map(plain, lines) if line] for lines in (said, printed))
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(line) + r"\n" for line in said)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None
