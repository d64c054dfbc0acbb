from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytest_mlkata.checks import assert_refuses, bad_binary_scores, with_bad
from pytest_mlkata.errors import CheckFailed, SubmissionRaised


def refusing(*, good: bool = False, bad: bool = True) -> Any:
    """A function that refuses odd numbers, or does not, and even ones, or not."""

    def halved(number: int, by: int) -> float:
        if bad if number % 2 else good:
            error = type("Refused", (SubmissionRaised, ValueError), {})
            raise error("ValueError: odd")
        return number / by

    return halved


def test_what_refuses_the_bad_and_takes_the_good_passes() -> None:
    assert_refuses(refusing(), (2,), [("an odd number", 1), ("another one", 3)], 2)


def test_bad_input_that_is_taken_is_told_with_what_is_wrong_with_it() -> None:
    with pytest.raises(CheckFailed, match=r"halved\(1, 2\) must raise ValueError for an odd number, but returned 0.5"):
        assert_refuses(refusing(bad=False), (2,), [("an odd number", 1)], 2)


def test_good_input_that_is_refused_fails_the_check() -> None:
    with pytest.raises(SubmissionRaised):
        assert_refuses(refusing(good=True), (2,), [("an odd number", 1)], 2)


def test_a_bad_number_is_put_at_the_start_in_the_middle_and_at_the_end() -> None:
    array = np.arange(6).reshape(2, 3)
    found = list(with_bad(array, np.nan, -1e-6))
    assert [what for what, _ in found[:3]] == ["nan at [0, 0]", "nan at [1, 0]", "nan at [1, 2]"]
    assert found[-1][0] == "-1e-06 at [1, 2]"
    for what, broken in found[:3]:
        assert np.isnan(broken).sum() == 1
        assert what == f"nan at [{', '.join(map(str, np.argwhere(np.isnan(broken))[0]))}]"
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert [broken.dtype for _, broken in with_bad(np.ones(1, dtype="float32"), np.inf)] == [np.float32]


def test_labels_and_scores_are_bad_in_one_way_each() -> None:
    y_true, y_score = np.array([1, 0, 1, 0, 0]), np.array([0.5, 0.25, 0.75, 0.0, 1.0])
    found = list(bad_binary_scores(y_true, y_score))
    assert len({what for what, _, _ in found}) == len(found)
    for what, labels, scores in found:
        wrong = (
            len(labels) == 0,
            len(labels) != len(scores),
            not np.isin(labels, (0, 1)).all(),
            not np.isfinite(scores).all(),
        )
        assert sum(wrong) == 1, what
