from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.hints import Hints, Section, Stage, read_hints
from pytest_mlkata.model import HintCount

STUB = "def rank(x): ...\n\n\nclass Tree: ...\n\n\ndef span(x): ...\n"
HINTS = """\
# Hints on ranks

An introduction, for authors: nobody is shown it.

## ranks

### Where to begin

Do one function at a time.

## rank

### What is counted?

What is smaller than the smallest?

- a list
  #### not a stage

### With a picture ###

    # indented code

Compare **every** pair:

```python
# not a title
## rank
### no stage
```

and count.

## `span`

### The ends

Sort, and look at both ends: ~~~ is no fence here, #1 no title.
"""


@pytest.fixture
def ranks(tmp_path: Path) -> Path:
    folder = tmp_path / "ranks"
    folder.mkdir()
    (folder / "stub.py").write_text(STUB, encoding="utf-8")
    return folder


def put(ranks: Path, text: str | bytes) -> Path:
    path = ranks / "hints.md"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(ranks: Path, text: str | bytes) -> str:
    """What is said of a file, without its path."""
    path = put(ranks, text)
    with pytest.raises(KataError) as caught:
        read_hints(ranks)
    assert str(caught.value).startswith(str(path))
    return str(caught.value).removeprefix(str(path))


def test_sections_and_stages_are_read_in_order(ranks: Path) -> None:
    put(ranks, HINTS)
    hints = read_hints(ranks)
    assert [section.name for section in hints.sections] == ["ranks", "rank", "span"]
    assert hints.sections[0] == Section("ranks", (Stage("Where to begin", "Do one function at a time."),))
    question, picture = hints.sections[1].stages
    assert question.text == "What is smaller than the smallest?\n\n- a list\n  #### not a stage"
    assert picture.title == "With a picture"
    assert picture.text == (
        "    # indented code\n\nCompare **every** pair:\n\n"
        "```python\n# not a title\n## rank\n### no stage\n```\n\nand count."
    )
    assert hints.sections[2].stages[0].text.endswith("#1 no title.")


def test_what_there_is_can_be_asked_for(ranks: Path) -> None:
    put(ranks, HINTS)
    hints = read_hints(ranks)
    assert (hints.kata, hints.functions) == ("ranks", ("rank", "Tree", "span"))
    assert hints.total == 4
    assert hints.on("rank") is hints.sections[1]
    assert hints.on("Tree") is None
    assert hints.lacking == ("Tree",)


def test_what_was_given_is_counted(ranks: Path) -> None:
    put(ranks, HINTS)
    hints = read_hints(ranks)
    assert hints.count({}) == HintCount(0, 4, ("rank", "span"))
    assert hints.count({"ranks": 1, "rank": 1}) == HintCount(2, 4, ("rank", "span"))
    assert hints.count({"rank": 2}) == HintCount(2, 4, ("span",))


def test_hints_that_are_gone_are_not_counted(ranks: Path) -> None:
    put(ranks, HINTS)
    assert read_hints(ranks).count({"span": 9, "gone": 3}) == HintCount(1, 4, ("rank",))
    assert Hints("ranks").count({"rank": 1}) == HintCount(0, 0)


def test_a_kata_without_hints_has_none(ranks: Path) -> None:
    (ranks / "stub.py").unlink()
    assert read_hints(ranks) == Hints("ranks")
    assert read_hints(ranks).total == 0


def test_the_title_may_be_left_out_and_the_introduction_hold_code(ranks: Path) -> None:
    put(ranks, "```\n## rank\n```\n\n## rank\n### Why?\nBecause.\n")
    assert read_hints(ranks).sections == (Section("rank", (Stage("Why?", "Because."),)),)


@pytest.mark.parametrize("mark", ["```", "~~~", "````"])
def test_a_fence_ends_only_with_its_own_mark(ranks: Path, mark: str) -> None:
    other = "```" if mark != "```" else "~~~"
    put(ranks, f"## rank\n### Why?\n  {mark}text\n{other}\n# a\n{mark} no end\n## span\n{mark}\t\n\nend\n")
    (stage,) = read_hints(ranks).sections[0].stages
    assert stage.text.endswith("\n## span\n" + mark + "\t\n\nend")


@pytest.mark.parametrize("text", [HINTS.replace("\n", "\r\n"), "\ufeff" + HINTS], ids=["CRLF", "BOM"])
def test_line_ends_and_a_mark_at_the_head_do_not_matter(ranks: Path, text: str) -> None:
    put(ranks, HINTS)
    expected = read_hints(ranks)
    put(ranks, text)
    assert read_hints(ranks) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "## ranc\n### a\nb\n",
            ", line 1: there is no function `ranc` in the stub; did you mean `rank` or `ranks`? Name a section after",
        ),
        (
            "## nonsense\n### a\nb\n",
            ", line 1: there is no function `nonsense` in the stub; there are: `rank`, `Tree`, `span`. Name a section",
        ),
        ("##\n### a\nb\n", ", line 1: a section without a name; write `## function`"),
        ("intro\n\n## rank\n\n## span\n### a\nb\n", ", line 3: the section `rank` has no stage; write `### title` and"),
        ("## span\n### a\nb\n## rank\n", ", line 4: the section `rank` has no stage; write `### title` and a text"),
        ("## rank\n\nText.\n### a\nb\n", ", line 3: text before the first stage of `rank`; put `### title` above it"),
        ("## rank\n```\n### a\n```\n", ", line 2: text before the first stage of `rank`; put `### title` above it"),
        (
            "## rank\n### a\nb\n\n## rank\n### c\nd\n",
            ", line 5: a second section `rank`; the first is in line 1: put their stages together",
        ),
        ("## rank\n### a\n\n### b\nc\n", ", line 2: the stage `a` has no text; write it below, or take the title out"),
        ("## rank\n### a\n \n## span\n### b\nc\n", ", line 2: the stage `a` has no text; write it below"),
        ("## rank\n###\ntext\n", ", line 2: a stage without a title; write `### title`"),
        ("intro\n### a\nb\n", ", line 2: a stage outside any section; put `## function` above it"),
        (
            "## rank\n### a\n\nb = 1\n# a comment\n",
            ", line 5: a title of the first level inside a section; put code into a fence (```), or write `####`",
        ),
        ("##rank\n### a\nb\n", ", line 1: `##rank` is no title yet; put a space behind ##"),
        ("## rank\n###a\nb\n", ", line 2: `###a` is no title yet; put a space behind ###"),
        (
            "## rank\n### a\nb\n```python\n## span\n### c\nd\n",
            ", line 4: the code that begins here never ends; close it with ``` on a line of its own",
        ),
        ("# Hints\n\nSoon.\n", ": holds no hints; write `## function`, `### title` and a text, or delete the file"),
        ("", ": holds no hints; write `## function`, `### title` and a text, or delete the file"),
        ("## rank\n### a\nü\n".encode("latin-1"), ", line 3: is not valid UTF-8; save it as UTF-8"),
    ],
)
def test_a_refusal_names_the_line_and_the_remedy(ranks: Path, text: str | bytes, said: str) -> None:
    assert refusal(ranks, text).startswith(said)


def test_what_cannot_be_read_is_said(ranks: Path) -> None:
    (ranks / "hints.md").mkdir()
    with pytest.raises(KataError, match=r"hints\.md: cannot be read: .*; check its permissions"):
        read_hints(ranks)


def test_a_stub_at_fault_is_said(ranks: Path) -> None:
    put(ranks, HINTS)
    (ranks / "stub.py").write_text("def (:\n")
    with pytest.raises(KataError, match=r"stub\.py, line 1: SyntaxError"):
        read_hints(ranks)
