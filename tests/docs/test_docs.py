"""What the documentation shows is what happens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from pages import PAGES, README, ROOT, Block, read_blocks
from reading import Misleading, Reader

import pytest_mlkata.checks
from pytest_mlkata.cli import main

DOCS = ROOT / "docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_code_block_holds(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for block in read_blocks(page):
        reader.take(block)


def test_there_is_a_page_for_every_reader() -> None:
    assert {"index", "learner", "author", "scorecard", "json", "api"} <= {page.stem for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_mentioned_exists(page: Path) -> None:
    assert isinstance(main, click.Group)
    assert set(re.findall(r"`mlkata ([a-z]+)", page.read_text("utf-8"))) <= set(main.commands)


def test_every_command_is_mentioned() -> None:
    assert isinstance(main, click.Group)
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert set(main.commands) <= set(re.findall(r"mlkata ([a-z]+)", text))


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent == ROOT], ids=lambda page: page.name)
def test_the_files_that_are_linked_exist(page: Path) -> None:
    """Sphinx does this for the pages in docs/."""
    targets = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_reference_has_every_name_an_author_imports() -> None:
    documented = re.findall(r"^\.\. auto\w+:: pytest_mlkata\.checks\S*?\.?(\w+)$", api(), re.MULTILINE)
    assert sorted(documented) == sorted(pytest_mlkata.checks.__all__)


def test_the_author_s_page_has_every_function_an_author_imports() -> None:
    text = (DOCS / "author.md").read_text("utf-8")
    functions = [name for name in pytest_mlkata.checks.__all__ if name.islower()]
    assert [name for name in functions if not re.search(rf"`@?{name}\b", text)] == []


def api() -> str:
    return (DOCS / "api.md").read_text("utf-8")


# The reading itself


def taken(folder: Path, *blocks: tuple[str, str]) -> Reader:
    reader = Reader(folder)
    for language, text in blocks:
        reader.take(Block("a page, line 1", language, text))
    return reader


def test_blocks_are_found_wherever_they_stand(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```sh\nls\n```\n\n- point\n\n  ```text\n  a\n  ```\n\n    indented\n\nend\n\n    indented\n\n"
        "<!-- sh\ntouch a\n-->\n\n<!-- a remark -->\n\n````{code-block} toml\n:caption: a/b.toml\n\nc = 1\n````\n"
    )
    assert [(block.language, block.text, block.file) for block in read_blocks(page)] == [
        ("sh", "ls\n", ""),
        ("text", "a\n", ""),
        ("", "indented\n", ""),
        ("sh", "touch a\n", ""),
        ("toml", "c = 1\n", "a/b.toml"),
    ]


@pytest.mark.parametrize(
    "blocks",
    [
        [("", "x = 1\n")],
        [("rust", "fn main() {}\n")],
        [("sh", "false\n")],
        [("sh", "pytest --kata no_such_kata\n")],
        [("sh", "pip install $(\n")],
        [("sh", "echo a\n"), ("text", "b\n")],
        [("sh", "echo a; echo b; echo c\n"), ("text", "a\nc\n")],
        [("text", "a\n")],
        [("console", "echo a\na\n")],
        [("console", "$ echo a\na\nb\n")],
        [("console", "$ echo a; echo b\na\n")],
        [("console", "$ (exit 3)\n$ echo $?\n4\n")],
        [("python", "x = \n")],
        [("python", "assert 1 == 2\n")],
        [("python", "print(1)\n"), ("text", "2\n")],
        [("pycon", ">>> 1 + 1\n3\n")],
        [("pycon", "x = 1\n")],
        [("json", '{"format": 1}\n')],
        [("toml", "a = \n")],
        [("ini", "a = 1\n")],
        [("yaml", "jobs: {a: {steps: [{run: 'false'}]}}\n")],
        [("yaml", "jobs: {a: {steps: [{uses: something}]}}\n")],
        [("markdown", "# Title\n")],
    ],
    ids=repr,
)
def test_what_does_not_hold_is_found(tmp_path: Path, blocks: list[tuple[str, str]]) -> None:
    with pytest.raises(Misleading, match=r"a page, line 1: "):
        taken(tmp_path, *blocks)


def test_what_holds_is_let_through(tmp_path: Path) -> None:
    reader = taken(
        tmp_path,
        ("sh", "echo one >file\npip install something\necho two; echo three; echo four\n"),
        ("text", "t…o\n…\nfour\n"),
        ("console", "$ cat file\none\n$ echo a; echo b\n…\nb\n$ (exit 3)\n$ echo $?\n3\n"),
        ("python", "x = 1\nprint(x)\n"),
        ("text", "1\n"),
        ("pycon", ">>> x + 1\n2\n>>> [x, object()]\n[1, <object … at …>]\n"),
        ("toml", "a = 1\n"),
        ("ini", "[pytest]\na = 1\n"),
        ("yaml", "jobs: {a: {steps: [{uses: something}, {run: 'echo done >file'}]}}\n"),
        ("{toctree}", "index\n"),
    )
    reader.take(Block("a page, line 1", "python", "y = 2\n", file="a/b.py"))
    assert (tmp_path / "a" / "b.py").read_text() == "y = 2\n"
    assert (tmp_path / "file").read_text() == "done\n"


def test_the_readme_points_to_the_pages() -> None:
    for page in ("learner", "scorecard", "author", "json"):
        assert f"](docs/{page}.md)" in README.read_text("utf-8")


def test_every_key_of_what_mlkata_check_writes_is_explained() -> None:
    document = json.loads((ROOT / "tests" / "unit" / "authoring" / "account.json").read_text("utf-8"))
    page = (DOCS / "json.md").read_text("utf-8").partition("## What `mlkata check` writes")[2].partition("\n## ")[0]
    keys = set(_keys(document))
    assert {"format", "fates", "killed_by", "missing_branches", "possible"} <= keys
    assert keys <= set(re.findall(r'[`"](\w+)[`"]', page))


def _keys(value: Any) -> Iterator[str]:
    """Yield the keys of a document, but not the names of katas and checks that are keys."""
    if isinstance(value, list):
        for each in value:
            yield from _keys(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            if key not in ("checks", "malformed"):
                yield from _keys(each)
