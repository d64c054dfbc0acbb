from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from validations import everything

from pytest_mlkata.authoring.page import render
from pytest_mlkata.authoring.validation import Validation


class Reader(HTMLParser):
    """Notes tags, with their attributes and the text that follows right after."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.tags:
            tag, attrs, text = self.tags[-1]
            self.tags[-1] = (tag, attrs, text + data)

    def of_class(self, name: str, tag: str = "td") -> list[str]:
        return [text for each, attrs, text in self.tags if each == tag and attrs.get("class") == name]


@pytest.fixture
def validation(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Validation:
    return everything(write_ranks(tmp_path))


def test_the_page_fetches_nothing_and_runs_nothing(validation: Validation) -> None:
    page = render([validation], {"<i>odd": "<img src=x onerror=alert(1)>"})
    read = Reader(page)
    names = {tag for tag, _, _ in read.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "i>odd", "holds"}
    attributes = {name for _, attrs, _ in read.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name == "src"}
    assert {attrs["href"] for tag, attrs, _ in read.tags if tag == "a"} == {"#ranks"}
    assert not re.search(r"url\(|@import|https?://", page)


def test_names_are_shown_as_they_are_written(validation: Validation) -> None:
    page = render([validation], {"<i>odd": "<img src=x onerror=alert(1)>"})
    script = "<script>alert('&')</script>"
    titles = [attrs.get("title") for _, attrs, _ in Reader(page).tags]
    assert script in titles
    assert 'rank is "fast"' in titles
    text = "".join(text for _, _, text in Reader(page).tags)
    for shown in (f"misses {script}", "x < 6 -> <b>", 'the "same" & so', "<img src=x", "1 of 2 <holds>", r"\x1b[31m"):
        assert shown in text


def test_the_matrix_marks_what_each_wrong_solution_fails(validation: Validation) -> None:
    page = render([validation], {})
    row = r"<tr><th scope=row title=.*?>(\w+)<td class=told>(.*?)(<td class=\w+ title.*?)(?=<tr>|</table)"
    rows = re.findall(row, page)
    marks = {name: re.findall(r"<td class=(\w+) title=\"[^\"]*\">(.)", cells) for name, _, cells in rows}
    assert marks == {
        "ties": [("caught", "✗"), ("extra", "+"), ("blocked", "○")],
        "late": [("passed", "·"), ("missed", "!"), ("caught", "✗")],
    }
    assert {name: told for name, told, _ in rows} == {"ties": "itself", "late": "<small>by no name</small>"}
    assert 'title="speed[n&lt;9]: fails as declared"' in page


def test_each_mutant_has_its_fate(validation: Validation) -> None:
    read = Reader(render([validation], {}))
    text = " ".join(text for _, _, text in read.tags)
    assert "Mutants of the reference: 1 of 2 are seen" in text
    assert "seen by rank" in text
    assert read.of_class("mend").count("survived") == 1
    assert read.of_class("blocked").count('equivalent: the "same" & so') == 1
    assert re.findall(r"x < (\d) -> ", text) == ["5", "6", "7"]


def test_the_source_is_marked_with_what_runs(validation: Validation) -> None:
    page = render([validation], {})
    rows = re.findall(r"<tr class=(\w+)><th scope=row>(\d+)<td><code>.*?</code>(?:<small>(.*?)</small>)?", page)
    marked = {int(number): (kind, note) for kind, number, note in rows}
    assert len(marked) == len(validation.kata.reference.read_text().splitlines())
    assert {number: mark for number, mark in marked.items() if mark[0] != "plain"} == {
        5: ("run", ""),
        6: ("partly", "never goes on to line 9"),
        9: ("partly", "never goes out of the function"),
        10: ("missed", "never run"),
    }
    assert "The reference: 50% is run by the checks" in page


def test_every_kata_has_its_section(validation: Validation) -> None:
    other = replace(validation, kata=replace(validation.kata, name="other", title="Another <one>"))
    read = Reader(render([validation, other], {}))
    assert [attrs["id"] for tag, attrs, _ in read.tags if tag == "section"] == ["ranks", "other"]
    assert [attrs["href"] for tag, attrs, _ in read.tags if tag == "a"] == ["#ranks", "#other"]
    assert [text.strip() for tag, _, text in read.tags if tag == "title"] == ["ranks, other: what mlkata check proves"]


def test_what_was_not_looked_at_is_left_out(validation: Validation) -> None:
    bare = replace(validation, proofs=validation.proofs[:1], judgements=(), coverage=None, mutation=None, remarks=())
    heads = [text for tag, _, text in Reader(render([bare], {})).tags if tag == "h3"]
    assert heads == ["Proofs"]
    assert "<b class=holds>holds</b>" in render([bare], {})
    assert "<b class=mend>to be mended</b>" in render([validation], {})
