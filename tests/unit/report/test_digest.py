from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sample_reports as sample

from pytest_mlkata.model import HintCount, Scorecard, Status
from pytest_mlkata.report import digest
from pytest_mlkata.report.digest import Waiting


def wrong(*indices: int, message: str = "no") -> Scorecard:
    return sample.card({index: sample.result(index, Status.ERROR, message) for index in indices})


def test_a_message_of_three_checks_is_shared_and_one_of_two_is_not() -> None:
    (group,) = digest.shared(wrong(0, 2, 4))
    assert [result.check for result in group.results] == [sample.CHECKS[index] for index in (0, 2, 4)]
    assert not group.everything
    assert digest.shared(wrong(0, 2)) == ()


def test_checks_without_a_message_share_nothing() -> None:
    assert digest.shared(wrong(0, 2, 4, message="")) == ()


def test_a_message_of_all_that_ran_is_everything() -> None:
    (group,) = digest.shared(sample.SYNTAX_ERROR.scorecards[0])
    assert group.everything
    assert group.message == "logistic_regression.py, line 3: SyntaxError: '(' was never closed"


def test_one_failing_check_is_never_everything() -> None:
    card = replace(wrong(0), results=wrong(0).results[:1])
    assert digest.shared(card) == ()


def test_a_group_is_shown_by_the_first_check_that_shows_most() -> None:
    texts = (("", "of another check"), ("x = 1", ""), ("x = 2", ""))
    results = tuple(sample.result(index, Status.FAILED, "no", *texts[index]) for index in range(3))
    assert digest.Shared(results, everything=False).witness is results[1]
    assert digest.Shared(results[:1], everything=False).witness is results[0]
    printed = sample.result(3, Status.FAILED, "no", "x = 3", "printed")
    assert digest.Shared((*results, printed), everything=False).witness is printed


def test_lines_that_repeat_are_written_once() -> None:
    assert digest.without_repetition("a\na\n\n\nb\na\n") == "a  (2 times)\n\nb\na"
    assert digest.without_repetition("  \n") == ""


def test_what_waits_is_a_line_each() -> None:
    assert digest.waiting(sample.FAILING_REPORT.scorecards[0]) == (
        Waiting("not started", "fit (3 checks)"),
        Waiting("blocked", "gradient is not correct yet (1 of its checks does not hold)"),
    )
    assert digest.waiting(sample.SELECTED.scorecards[0]) == (
        Waiting("not run", "sigmoid, loss, fit, gradient (10 checks)"),
    )
    assert digest.waiting(sample.PASSING.scorecards[0]) == ()


def test_what_may_be_misspelt_is_said() -> None:
    message = "`fit` is not defined in the solution; it defines `fitt`"
    card = sample.card({index: sample.result(index, Status.NOT_STARTED, message) for index in (4, 8, 11)})
    assert digest.waiting(card) == (Waiting("not started", "fit (3 checks)"), Waiting("not started", message))


def test_other_reasons_of_being_blocked_are_said_once() -> None:
    card = sample.card({index: sample.result(index, Status.BLOCKED, "psutil is not installed") for index in (9, 10)})
    assert digest.waiting(card) == (Waiting("blocked", "psutil is not installed"),)


def test_checks_of_no_function_are_counted() -> None:
    results = tuple(
        replace(sample.result(index, Status.NOT_RUN), check=replace(sample.CHECKS[index], function=""))
        for index in range(2)
    )
    assert digest.waiting(replace(wrong(), results=results)) == (Waiting("not run", "2 checks"),)


def test_a_path_is_short_under_the_root_only() -> None:
    assert digest.shown_path("/home/ada/interview/solutions/a.py", sample.ROOT) == "solutions/a.py"
    assert digest.shown_path("/home/bob/a.py", sample.ROOT) == "/home/bob/a.py"
    assert digest.shown_path("/home/bob/a.py", None) == "/home/bob/a.py"


def test_next_is_the_first_function_that_is_wrong() -> None:
    assert digest.next_command(sample.FAILING_REPORT) == "pytest --kata logistic_regression -k test_gradient_ -v"


def test_next_is_the_first_kata_that_can_be_worked_on() -> None:
    report = sample.report(
        *sample.PASSING.scorecards,
        *sample.STUB.scorecards,
        *sample.BROKEN.scorecards,
        sample.card(sample.FAILING, sample.KNN),
    )
    assert digest.next_command(report) == "pytest --kata nearest_neighbours -k test_gradient_ -v"


def test_next_is_what_was_left_out_once_the_selection_holds() -> None:
    command = "pytest --kata logistic_regression --kata-solution 'mine/try two.py'"
    assert digest.next_command(sample.SELECTED, sample.ROOT) == command


def test_there_is_no_next_where_a_narrower_run_tells_nothing() -> None:
    for report in (sample.PASSING, sample.STUB, sample.BROKEN, sample.SYNTAX_ERROR, sample.report()):
        assert digest.next_command(report) == ""


def test_next_names_no_function_that_the_selection_would_miss() -> None:
    check = replace(sample.CHECKS[0], id="test_correctness.py::test_shapes")
    other = sample.result(1, Status.PASSED)
    failed = replace(sample.result(0, Status.FAILED, "no"), check=check)
    card = replace(wrong(), results=(failed, other))
    assert digest.next_command(sample.report(card)) == ""


def test_next_leaves_out_the_functions_whose_names_begin_alike() -> None:
    names = {"kmeans": ("test_kmeans_stops", "test_kmeans_moves"), "kmeans_plus_plus": ("test_kmeans_plus_plus_draws",)}
    checks = [
        replace(sample.CHECKS[0], id=f"test_correctness.py::{name}", function=function)
        for function, all_of_them in names.items()
        for name in all_of_them
    ]
    results = tuple(replace(sample.result(0, Status.FAILED, "no"), check=check, message=check.id) for check in checks)
    command = digest.next_command(sample.report(replace(wrong(), results=results)))
    assert command == "pytest --kata logistic_regression -k 'test_kmeans_ and not test_kmeans_plus_plus_' -v"


def test_next_keeps_the_file_that_was_graded() -> None:
    card = replace(sample.FAILING_REPORT.scorecards[0], solution="/elsewhere/solutions/logistic_regression.py")
    assert "--kata-solution" not in digest.next_command(sample.report(card))
    assert "--kata-solution /elsewhere/solutions/logistic_regression.py" in digest.next_command(
        sample.report(card), Path("/home")
    )


def test_a_hint_is_offered_on_the_function_that_fails_first() -> None:
    assert digest.hint_command(sample.HINTED) == "mlkata hint logistic_regression gradient"
    assert digest.next_command(sample.HINTED) == digest.next_command(sample.FAILING_REPORT)


def test_no_hint_is_offered_where_there_is_none_to_be_had() -> None:
    failing, hints = sample.FAILING_REPORT.scorecards[0], HintCount(9, 9, ("loss",))
    for card in (failing, replace(failing, hints=hints)):
        assert digest.hint_command(sample.report(card)) == ""
    assert digest.hint_command(sample.report()) == ""


def test_no_hint_is_offered_where_it_would_not_help() -> None:
    hints = HintCount(0, 9, ("sigmoid", "loss", "gradient", "fit"))
    for report in (sample.PASSING, sample.STUB, sample.BROKEN, sample.SYNTAX_ERROR, sample.SELECTED):
        assert digest.hint_command(sample.report(replace(report.scorecards[0], hints=hints))) == ""


def test_hints_taken_are_said_if_any_were() -> None:
    card = sample.PASSING.scorecards[0]
    assert digest.hints_taken(card) == digest.hints_taken(replace(card, hints=HintCount(0, 4))) == ""
    assert digest.hints_taken(replace(card, hints=HintCount(1, 4))) == "hints taken: 1 of 4"
