from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sample_reports as sample
from golden_files import assert_golden
from markdown_it import MarkdownIt

from pytest_mlkata.model import HintCount, Report, Status
from pytest_mlkata.report import markdown
from pytest_mlkata.report.base import Format

if TYPE_CHECKING:
    from markdown_it.token import Token

GOLDEN = (
    *(
        "passing",
        "failing",
        "same_problem",
        "syntax_error",
        "stub",
        "broken",
        "selected",
        "several",
        "survey",
        "repaired",
        "hinted",
    ),
    *("named", "own_tests", "sound_tests", "unfit_tests"),
)
OURS = re.compile(r"<details><summary>[^<>]*</summary>|</details>|</?sub>")
"""The HTML that the format writes itself."""
ATTACKS = (
    "</summary></details><script>alert(1)</script>",
    "```\n</details>\n# title\n```",
    "````\n~~~\n``",
    "`a` **b** _c_ ~~d~~ [e](https://example.org) ![f](https://example.org/f.png) <https://example.org> &lt; $g$",
    "| a | b |\n| --- | --- |\n| c | d |\n\n---\n\n- e\n\n    f",
    "<!-- ",
    "- a",
    "1. a",
    "+ a\n===",
    "\\` \\| \\",
    "\r\n\r\n## title\r\r| a |\n\u2028<b>",
)


def rendered(report: Report, limit: int = markdown.LIMIT) -> str:
    return markdown.render(report, root=sample.ROOT, limit=limit)


def tokens(text: str) -> list[Token]:
    """Everything that Markdown sees in a text, in order."""
    found = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        found += [token, *(token.children or ())]
    return found


def of_type(text: str, *types: str) -> list[str]:
    return [token.content for token in tokens(text) if token.type in types]


def attacked(text: str) -> Report:
    """A report in which every string that somebody else has a hand in is `text`."""
    wrong = sample.result(3, Status.FAILED, text, text, text)
    check = replace(wrong.check, property=text, hint=text, category=text)
    shared = {index: sample.result(index, Status.ERROR, f"{text}!", text, text) for index in (0, 2, 4)}
    blocked = sample.result(9, Status.BLOCKED, text)
    card = sample.card({3: wrong, 9: blocked, **shared})
    results = [replace(each, check=check) if each.check is wrong.check else each for each in card.results]
    card = replace(card, results=tuple(results), title=text, solution=f"/{text}.py", label=text)
    broken = replace(card, broken=text, kata=text)
    return sample.report(card, broken, notes=(text,))


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    assert_golden(f"{name}.md", rendered(sample.REPORTS[name]))


def test_the_module_is_a_format() -> None:
    format_: Format = markdown
    assert (format_.name, format_.suffix) == ("markdown", ".md")
    assert format_.render(sample.STUB) == markdown.render(sample.STUB)


@pytest.mark.parametrize("name", sample.REPORTS)
def test_what_markdown_sees_is_what_is_meant(name: str) -> None:
    text = rendered(sample.REPORTS[name])
    kinds = {token.type for token in tokens(text)}
    assert not kinds & {"link_open", "image", "em_open", "strong_open", "s_open", "code_block", "blockquote_open", "hr"}
    for found in of_type(text, "html_block", "html_inline"):
        assert OURS.fullmatch(found.strip()), found
    assert text.count("<details>") == text.count("</details>")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_of_others_is_shown_and_means_nothing(attack: str) -> None:
    text = rendered(attacked(attack))
    harmless = rendered(attacked("harmless"))
    expected = [(token.type, token.tag) for token in tokens(harmless) if token.nesting or token.type == "fence"]
    assert [(token.type, token.tag) for token in tokens(text) if token.nesting or token.type == "fence"] == expected
    for found in of_type(text, "html_block", "html_inline"):
        assert OURS.fullmatch(found.strip()), found
    lines = attack.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\\u2028").strip("\n")
    assert f"{lines}\n" in of_type(text, "fence")
    title = next(token for token in tokens(text) if token.type == "inline" and "not graded" in token.content)
    shown = "".join(child.content for child in title.children or () if child.type in {"text", "text_special"})
    assert shown == f"{' '.join(lines.split())}: not graded"


def test_a_path_is_shown_as_it_is() -> None:
    for name in ("a`b", "`a``b`", "`", "a  b", "x|y"):
        card = replace(sample.PASSING.scorecards[0], solution=str(sample.ROOT / name))
        assert of_type(rendered(sample.report(card)), "code_inline") == [" ".join(name.split())]


def test_a_failing_check_says_what_where_got_expected_and_what_to_think_of() -> None:
    text = rendered(sample.FAILING_REPORT)
    summary = "<details><summary>✗ gradient agrees with finite differences of the loss (2 points)</summary>"
    (part,) = re.findall(rf"{re.escape(summary)}(.*?)</details>", text, re.DOTALL)
    assert "\n`gradient`, correctness\n" in part
    for expected in ("  got       0.5\n  expected  0.25", "X = array([[1.],", "hint: Write the loss", "…\nstep 4\n"):
        assert expected in part


def test_a_category_is_a_row_and_an_unclear_check_a_word() -> None:
    text = rendered(sample.PASSING)
    assert "\n| correctness | 8 / 8 | ✓ 5 hold |\n" in text
    assert "\n| timing | 2 / 2 | ✓ 1 holds, ≈ 1 too close to call: the points are yours |\n" in text
    assert "<details>" not in text


def test_several_katas_are_a_table_first() -> None:
    text = rendered(sample.SEVERAL)
    assert text.startswith("# Katas: 23 / 51 points\n\n| kata | points |  |\n")
    assert "\n| q5 nearest\\_neighbours | 17 / 17 | ✓ |\n" in text
    assert "\n| q7 gradient\\_boosting | 0 / 17 | nothing handed in |\n" in text
    assert "\n| q9 embeddings |  | kata at fault, not counted |\n" in text
    assert "\n| coding-algorithms | 17 / 17 |  |\n| ml-coding | 6 / 34 |  |\n" in text
    assert "Gradient boosting" not in text
    assert "# Katas" not in rendered(sample.FAILING_REPORT)


def test_what_is_not_installed_is_said() -> None:
    text = rendered(sample.SURVEY)
    assert "\n| q10 large\\_index | 0 / 17 | left out |\n| q10 all 2 | 17 / 34 |  |\n" in text
    assert text.count("left out: large\\_index needs faiss; `pip install faiss`") == 2


def test_labels_tell_submissions_apart() -> None:
    one = replace(sample.PASSING.scorecards[0], label="ada")
    two = replace(sample.FAILING_REPORT.scorecards[0], label="bob")
    text = rendered(sample.report(one, two))
    assert "\n| logistic\\_regression (bob) | 6 / 17 |  |\n" in text
    assert "\n`solutions/logistic_regression.py` · ada · question 1\n" in text


def test_hints_are_counted_only_where_some_were_taken() -> None:
    assert "\n`solutions/logistic_regression.py` · question 1 · hints taken: 2 of 9\n" in rendered(sample.HINTED)
    assert "\nStuck? `mlkata hint logistic_regression gradient`\n" in rendered(sample.HINTED)
    none = replace(sample.HINTED.scorecards[0], hints=HintCount(0, 9))
    assert "hint" not in rendered(sample.report(none)).replace("hint: ", "")


def test_long_texts_are_cut_with_a_word_about_it() -> None:
    wrong = sample.result(0, Status.FAILED, "\n".join(f"row {n}" for n in range(40)), "x" * 5000)
    text = rendered(sample.report(sample.card({0: wrong})))
    assert "row 11 … (--kata-json writes all of it)\n" in text
    assert "row 12" not in text
    assert text.count("x" * 1200) == 1


def huge() -> Report:
    """Far more than fits."""
    found = {
        index: sample.result(index, Status.FAILED, f"{index} {'ü' * 1190}", "y" * 1200, "z" * 1200)
        for index in range(len(sample.CHECKS))
    }
    return sample.report(*(replace(sample.card(found), label=f"student {number}") for number in range(60)))


def test_a_huge_report_fits_and_says_that_it_is_not_all() -> None:
    report = huge()
    whole = rendered(report, 10**9)
    assert len(whole.encode()) > 2 * markdown.LIMIT
    text = rendered(report)
    assert 0.95 * markdown.LIMIT < len(text.encode()) <= markdown.LIMIT
    rest = "\n\n*The rest does not fit here; `--kata-json` writes all of it.*\n"
    assert text.endswith(rest)
    assert whole.startswith(text.removesuffix(rest) + "\n\n")
    assert text.count("<details>") == text.count("</details>")
    assert len(re.findall(r"^\| logistic\\_regression \(student \d+\) ", text, re.MULTILINE)) == 60


def test_it_fits_whatever_the_limit_is() -> None:
    whole = rendered(sample.SEVERAL, 10**9)
    size = len(whole.encode())
    for limit in (*range(-1, size, 7), size - 1, size, size + 1):
        text = rendered(sample.SEVERAL, limit)
        assert len(text.encode()) <= max(limit, 0)
        assert (text == whole) == (limit >= size)
        assert text.count("<details>") == text.count("</details>")
        assert text.endswith("writes all of it.*\n") or text in ("", whole)


def test_a_run_of_nothing_says_nothing_but_its_notes() -> None:
    assert rendered(sample.report()) == ""
    assert rendered(sample.report(notes=("no *kata* matches",))) == "Note: no \\*kata\\* matches\n"
