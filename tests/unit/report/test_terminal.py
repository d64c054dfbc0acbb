from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sample_reports as sample
from golden_files import assert_golden
from rich.cells import cell_len

from pytest_mlkata.model import HintCount, Report, Status
from pytest_mlkata.report import terminal
from pytest_mlkata.report.base import Format

STYLE = re.compile(r"\x1b\[[0-9;]*m")
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


def rendered(
    report: Report, width: int = 80, *, color: bool = False, ascii_only: bool = False, verbose: bool = False
) -> str:
    return terminal.render(report, width=width, color=color, ascii_only=ascii_only, verbose=verbose, root=sample.ROOT)


@pytest.mark.parametrize("name", GOLDEN)
def test_wide(name: str) -> None:
    assert_golden(f"{name}.wide.txt", rendered(sample.REPORTS[name]))


@pytest.mark.parametrize("name", GOLDEN)
def test_narrow(name: str) -> None:
    assert_golden(f"{name}.narrow.txt", rendered(sample.REPORTS[name], 40))


@pytest.mark.parametrize("name", GOLDEN)
def test_ascii(name: str) -> None:
    assert_golden(f"{name}.ascii.txt", rendered(sample.REPORTS[name], ascii_only=True))


@pytest.mark.parametrize("name", ["failing", "stub"])
def test_verbose(name: str) -> None:
    assert_golden(f"{name}.verbose.txt", rendered(sample.REPORTS[name], verbose=True))


def test_what_was_not_run_is_counted_and_not_listed() -> None:
    text = rendered(sample.SELECTED, verbose=True)
    assert "✓ gradient agrees" in text
    assert "(not run)" not in text
    assert "not run: sigmoid, loss, fit, gradient (10 checks)" in text


def test_the_module_is_a_format() -> None:
    format_: Format = terminal
    assert (format_.name, format_.suffix) == ("terminal", ".txt")
    assert format_.render(sample.STUB) == terminal.render(sample.STUB, width=80, color=False)


@pytest.mark.parametrize("name", sample.REPORTS)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_colour_changes_nothing_but_the_colour(name: str, width: int) -> None:
    colored = rendered(sample.REPORTS[name], width, color=True)
    assert STYLE.search(colored)
    assert STYLE.sub("", colored) == rendered(sample.REPORTS[name], width)


@pytest.mark.parametrize("name", sample.REPORTS)
@pytest.mark.parametrize("width", [38, 40, 63, 64, 80, 200])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_longer_than_the_terminal_or_ends_in_spaces(name: str, width: int, *, verbose: bool) -> None:
    for line in rendered(sample.REPORTS[name], width, verbose=verbose).splitlines():
        # A command that is cut in two would be run as two.
        assert cell_len(line) <= width or line.startswith(("next: ", "stuck? "))
        assert line == line.rstrip()


@pytest.mark.parametrize("name", sample.REPORTS)
def test_nothing_is_lost_where_it_is_narrow(name: str) -> None:
    def words(text: str) -> list[str]:
        return sorted(re.findall(r"[a-z]{2,}", text))

    assert set(words(rendered(sample.REPORTS[name], 80))) <= set(words(rendered(sample.REPORTS[name], 40)))


@pytest.mark.parametrize("name", sample.REPORTS)
def test_ascii_is_ascii(name: str) -> None:
    assert rendered(sample.REPORTS[name], ascii_only=True, verbose=True).isascii()


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rendered(sample.FAILING_REPORT), rendered(sample.FAILING_REPORT, color=True)
    for key, value in {"NO_COLOR": "1", "COLUMNS": "30", "TERM": "dumb", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(key, value)
    assert (rendered(sample.FAILING_REPORT), rendered(sample.FAILING_REPORT, color=True)) == before


def test_text_of_a_submission_is_shown_and_never_acts() -> None:
    text = rendered(sample.HOSTILE, 200)
    assert r"[bold red]Error[/bold red]: [/] \x1b[31mred\x1b[0m \udc80 \x00 \u202egnp :smile: [link=x]y[/link]" in text
    assert "\x1b" not in text
    text.encode("utf-8")
    assert "\x1b[31mred" not in rendered(sample.HOSTILE, 200, color=True)


def test_long_text_is_cut_with_a_word_about_it_unless_verbose() -> None:
    wrong = sample.result(0, Status.FAILED, "\n".join(f"row {n}" for n in range(40)), "x" * 5000)
    report = sample.report(sample.card({0: wrong}))
    assert "row 11 … (-v shows all of it)" in rendered(report)
    assert "row 12" not in rendered(report)
    assert rendered(report).count("x" * 50) < 30
    assert "row 39" in rendered(report, verbose=True)


def test_the_last_lines_printed_are_shown_without_a_mark_where_they_are_all() -> None:
    def shown(output: str) -> str:
        return rendered(sample.report(sample.card({0: sample.result(0, Status.FAILED, "no", output=output)})))

    assert "…" not in shown("1\n2\n3\n4\n5\n")
    assert "…" in shown("1\n2\n3\n4\n5\n6\n")
    assert "printed" not in shown("  \n")


def test_the_label_tells_two_submissions_apart() -> None:
    one = replace(sample.PASSING.scorecards[0], label="ada")
    two = replace(sample.FAILING_REPORT.scorecards[0], label="bob")
    text = rendered(sample.report(one, two))
    assert "ada · solutions/logistic_regression.py" in text
    assert re.search(r"logistic_regression \(bob\)  ━+─+   6 / 17", text)


def test_hints_are_counted_only_where_some_were_taken() -> None:
    card = sample.HINTED.scorecards[0]
    assert "\nhints taken: 2 of 9\n" in rendered(sample.HINTED)
    none = replace(card, hints=HintCount(0, 9, ("gradient",)))
    assert "hints taken" not in rendered(sample.report(none))
    assert rendered(sample.report(none)).endswith("-v\nstuck? mlkata hint logistic_regression gradient\n")
    assert rendered(sample.report(replace(card, hints=None))) == rendered(sample.FAILING_REPORT)


def test_stubs_are_one_line_of_the_table_where_there_are_several_katas() -> None:
    text = rendered(sample.SEVERAL)
    assert "Gradient boosting" not in text
    assert re.search(r"gradient_boosting +─+ +0 / 17  nothing handed in", text)
    assert "Gradient boosting" in rendered(sample.SEVERAL, verbose=True)


def test_katas_are_added_up_by_question_and_by_round() -> None:
    lines = [line.split() for line in rendered(sample.SURVEY).splitlines()]
    sums = [(line[0], *line[-3:]) for line in lines if line and line[0] in {"q10", "ml-coding", "coding-algorithms"}]
    assert sums[-3:] == [
        ("q10", "17", "/", "34"),
        ("coding-algorithms", "17", "/", "34"),
        ("ml-coding", "33", "/", "34"),
    ]
    table = [line[:2] for line in lines if line and (line[0][:1] == "q" or line[0] == "kmeans")]
    assert [line[-1] for line in table[:4]] == ["logistic_regression", "ann_search", "large_index", "all"]
    assert table[4][0] == "kmeans", "those of no question come last"


def test_changes_of_a_program_are_shown() -> None:
    text = rendered(sample.REPAIRED)
    assert "your changes  95 of the 98 lines of the program are kept\n" in text
    assert "\n    -    return 1 / (1 + np.exp(z))\n    +    return expit(z)\n" in text
    assert "your changes  none yet\n" in rendered(sample.UNCHANGED)
    long = replace(sample.CHANGES, diff="\n".join(f"+line {number}" for number in range(99)))
    report = sample.report(replace(sample.REPAIRED.scorecards[0], changes=long))
    assert "+line 39\n    59 further lines (-v shows all of them)\n" in rendered(report)
    assert "+line 98\n" in rendered(report, verbose=True)


def test_submissions_to_one_kata_are_not_added_up() -> None:
    one = sample.PASSING.scorecards[0]
    text = rendered(sample.report(replace(one, label="ada"), replace(one, label="bob")))
    assert "q1" not in text
    assert "ml-coding" not in text
    assert re.search(r"^logistic_regression \(bob\) +━", text, re.MULTILINE)


def test_what_is_not_installed_is_said_once_and_what_to_do() -> None:
    text = rendered(sample.SURVEY, width=100)
    assert text.count("left out: large_index needs faiss; `pip install faiss`") == 2
    assert "nothing handed in" not in text
    stub = replace(sample.SURVEY.scorecards[1], is_stub=True)
    text = rendered(sample.report(stub, *sample.PASSING.scorecards), width=100)
    assert text.count("left out: large_index needs faiss; `pip install faiss`") == 1
    assert "nothing handed in" not in text


def test_a_broken_kata_is_left_out_of_the_total() -> None:
    assert re.search(r"total +━+─+ +23 / 51", rendered(sample.SEVERAL))


def test_a_bar_is_full_or_empty_only_when_the_points_are() -> None:
    many = [sample.result(index, Status.PASSED) for index in range(len(sample.CHECKS))]
    card = sample.PASSING.scorecards[0]
    heavy = replace(many[0], check=replace(many[0].check, points=1000))
    light = sample.result(1, Status.FAILED, "no")
    almost = rendered(sample.report(replace(card, results=(heavy, light))))
    hardly = rendered(
        sample.report(replace(card, results=(many[1], replace(heavy, status=Status.FAILED, message="no"))))
    )
    assert "━" * 15 + "─  1000 / 1001" in almost
    assert "━" + "─" * 15 + "  1 / 1001" in hardly


def test_long_names_take_a_line_of_their_own() -> None:
    name = "a_category_of_an_author_who_likes_long_names"
    first = sample.result(0, Status.PASSED)
    card = replace(
        sample.PASSING.scorecards[0],
        kata="k" * 50,
        results=(replace(first, check=replace(first.check, category=name)),),
    )
    text = rendered(sample.report(card, card), 40)
    assert name.replace("_", " ")[:38] in text.replace("\n", " ")
    assert "k" * 40 + "\n" + "k" * 10 + "\n  ━━━━━━━━  1 / 1  ✓\n" in text


def test_a_run_of_nothing_says_nothing_but_its_notes() -> None:
    assert rendered(sample.report()) == ""
    assert rendered(sample.report(notes=("no kata matches",))) == "note: no kata matches\n"
