"""The pages of the documentation, and the code blocks on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = (README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

_HIDDEN = re.compile(r"<!-- (\w+)\n(.*)\n-->\s*", re.DOTALL)
_DIRECTIVE = re.compile(r"\{code-block\}\s+(\w+)")
_OPTION = re.compile(r":(\w+): (.+)\n")


@dataclass(frozen=True)
class Block:
    """One code block of a page.

    Attributes
    ----------
    place
        Page and line, for messages.
    language
        What follows the opening fence; a block that is not shown to readers is a comment whose first line is that.
    text
        What is in it.
    file
        The file that it shows: the caption of MyST's ``{code-block}``; empty where it shows none.
    """

    place: str
    language: str
    text: str
    file: str = ""


def read_blocks(page: Path) -> list[Block]:
    """Every code block of a page, in order."""
    found = []
    for token in MarkdownIt().parse(page.read_text("utf-8")):
        place = f"{page.name}, line {token.map[0] + 1 if token.map else 0}"
        hidden = _HIDDEN.fullmatch(token.content) if token.type == "html_block" else None
        if token.type == "fence":
            found.append(_fenced(place, token.info.strip(), token.content))
        elif token.type == "code_block":  # indented: nothing says what it is
            found.append(Block(place, "", token.content))
        elif hidden:
            found.append(Block(place, hidden[1], hidden[2] + "\n"))
    return found


def _fenced(place: str, info: str, text: str) -> Block:
    directive = _DIRECTIVE.fullmatch(info)
    if directive is None:
        return Block(place, info, text)
    options = {}
    while option := _OPTION.match(text):
        options[option[1]] = option[2]
        text = text[option.end() :]
    return Block(place, directive[1], text.removeprefix("\n"), options.get("caption", ""))
