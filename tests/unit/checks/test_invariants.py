from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from pytest_mlkata.checks import (
    BinaryScores,
    LabelPairs,
    assert_follows_order,
    assert_unchanged_by,
    assert_unchanged_by_duplication,
    assert_unchanged_by_increasing,
    assert_unchanged_by_order,
    assert_unchanged_by_relabelling,
    assert_unchanged_by_scaling,
    binary_scores,
    label_pairs,
)
from pytest_mlkata.checks.invariants import INCREASING
from pytest_mlkata.errors import CheckFailed

Y = np.array([0, 1, 1, 0])
SCORES = np.array([0.25, 0.75, 0.5, 0.5])
X = np.array([[1.0, 2.0], [3.0, -1.0], [-2.0, 0.5]])


def auc(y: Any, scores: Any) -> float:
    ahead = scores[y == 1][:, None] - scores[y == 0]
    return float(np.mean(np.sign(ahead) + 1) / 2) if ahead.size else np.nan


def macro_recall(y_true: Any, y_pred: Any) -> float:
    labels = np.union1d(y_true, y_pred)
    return float(np.mean([np.mean(y_pred[y_true == c] == c) if (y_true == c).any() else 0.0 for c in labels]))


@given(binary_scores())
def test_a_right_metric_of_scores_is_invariant(problem: BinaryScores) -> None:
    assert_unchanged_by_order(auc, *problem.arguments, call="auc(y, s)")
    assert_unchanged_by_duplication(auc, *problem.arguments, call="auc(y, s)", times=3)
    assert_unchanged_by_increasing(lambda s: auc(problem.y_true, s), problem.y_score, call="auc(y, s)")
    assert_unchanged_by_scaling(lambda s: auc(problem.y_true, s), problem.y_score, call="auc(y, s)")
    swap = {"with the classes swapped and the signs turned": lambda y, s: (1 - y.astype(int), -s)}
    assert_unchanged_by(auc, *problem.arguments, changes=swap, call="auc(y, s)")


@given(label_pairs())
def test_a_right_metric_of_labels_is_invariant(pairs: LabelPairs) -> None:
    assert_unchanged_by_relabelling(macro_recall, *pairs.arguments, call="recall(y_true, y_pred)")
    assert_unchanged_by_order(macro_recall, *pairs.arguments, call="recall(y_true, y_pred)")


def test_what_depends_on_the_order_is_named() -> None:
    with pytest.raises(CheckFailed) as failure:
        assert_unchanged_by_order(lambda y, s: s[y == 1][0], Y, SCORES, call="auc(y_true, y_score)")
    assert str(failure.value) == (
        "auc(y_true, y_score) with the samples in reverse order, which must change nothing: "
        "expected 0.75, got 0.5 (off by 0.25)"
    )
    # The same in both directions, and yet not for every order.
    with pytest.raises(CheckFailed, match="with the samples shuffled"):
        assert_unchanged_by_order(lambda s: abs(s[0] - s[-1]), np.array([1.0, 2.0, 5.0]), call="f(s)")


def test_every_array_is_reordered_alike_and_keeps_its_dtype() -> None:
    seen = []

    def look(*arrays: Any) -> float:
        seen.append(arrays)
        return 0.0

    rows, labels = np.arange(10, dtype=np.float32).reshape(5, 2), np.arange(5, dtype=np.uint8)
    assert_unchanged_by_order(look, rows, labels, call="f(X, y)")
    assert len(seen) == 3
    for got_rows, got_labels in seen:
        np.testing.assert_array_equal(got_rows[:, 0], 2 * got_labels)
        assert (got_rows.dtype, got_labels.dtype) == (np.dtype("float32"), np.dtype("uint8"))
    np.testing.assert_array_equal(seen[1][1], [4, 3, 2, 1, 0])
    assert len({tuple(got_labels.tolist()) for _, got_labels in seen}) == 3
    with pytest.raises(ValueError, match=r"equally long, got lengths \[5, 4\]"):
        assert_unchanged_by_order(look, rows, labels[:4], call="f(X, y)")


def test_a_sum_is_no_mean() -> None:
    assert_unchanged_by_duplication(lambda s: s.mean(), SCORES, call="loss(s)")
    with pytest.raises(CheckFailed, match=r"^loss\(s\) with every sample twice, which must change nothing: expected 2"):
        assert_unchanged_by_duplication(lambda s: s.sum(), SCORES, call="loss(s)")
    with pytest.raises(CheckFailed, match="with every sample 3 times"):
        assert_unchanged_by_duplication(lambda s: s.sum(), SCORES, call="loss(s)", times=3)


def test_parts_are_compared_one_by_one() -> None:
    def gradient(X: Any) -> Any:
        return X.mean(axis=0), X[:, 0].sum()

    assert_unchanged_by_order(gradient, X, call="gradient(X)", parts="dw, db")
    with pytest.raises(CheckFailed, match=r"^db of gradient\(X\) with every sample twice, .* expected 2\.0, got 4\.0"):
        assert_unchanged_by_duplication(gradient, X, call="gradient(X)", parts="dw, db")
    with pytest.raises(CheckFailed, match=r"must return a pair \(dw, db\), got None"):
        assert_unchanged_by_order(lambda _: None, X, call="gradient(X)", parts="dw, db")


def test_an_answer_that_is_no_number_is_named() -> None:
    with pytest.raises(CheckFailed, match=r"^f\(X\) must return numbers, got None$"):
        assert_unchanged_by_order(lambda _: None, X, call="f(X)")


def test_several_numbers_may_be_the_answer_and_nan_equals_nan() -> None:
    assert_unchanged_by_order(lambda s: (s.min(), s.max(), np.nan), SCORES, call="f(s)")
    assert_unchanged_by_order(lambda s: [s.min(), s.max()], SCORES, call="f(s)")


def test_a_unit_must_not_matter() -> None:
    assert_unchanged_by_scaling(lambda a, b: (a / b).sum(), SCORES, SCORES + 1, call="f(a, b)")
    with pytest.raises(CheckFailed, match=r"^f\(X\) with every feature multiplied by 0\.5, which must change nothing"):
        assert_unchanged_by_scaling(lambda a: a.sum(), X, call="f(X)", factor=0.5, what="every feature")


@pytest.mark.parametrize("how", INCREASING)
def test_a_change_keeps_the_order_of_scores_and_their_ties(how: str) -> None:
    scores = np.array([0.5, -1e4, 0.5, np.nextafter(0.5, 1), 0.0, -0.0, 1e4])
    changed = INCREASING[how](scores)
    np.testing.assert_array_equal(np.sign(changed[:, None] - changed), np.sign(scores[:, None] - scores))


def test_what_depends_on_the_values_of_scores_is_named() -> None:
    with pytest.raises(CheckFailed, match=r"^auc\(y, s\) with the scores doubled, which must change"):
        assert_unchanged_by_increasing(lambda s: np.mean(s <= 1), SCORES, call="auc(y, s)")
    with pytest.raises(CheckFailed, match="with the logits replaced by negative numbers in the same order"):
        assert_unchanged_by_increasing(lambda s: s.min() < 0, SCORES, call="auc(y, s)", what="the logits")


def test_what_depends_on_the_names_of_classes_is_named() -> None:
    for wrong in (
        lambda y: np.mean([np.mean(y == c) for c in range(y.max() + 1)]),
        lambda y: np.mean(y == 1),
        lambda y: int(y.max() > 1),
    ):
        with pytest.raises(CheckFailed, match=r"^f\(y\) with every label .* must change nothing"):
            assert_unchanged_by_relabelling(wrong, Y, call="f(y)")
    assert_unchanged_by_relabelling(lambda y: len(np.unique(y)), Y, call="f(y)")


def test_classes_are_renamed_as_told_and_keep_their_dtype_where_it_holds_them() -> None:
    seen = []

    def look(*labels: Any) -> float:
        seen.append(labels)
        return 0.0

    small, flags = np.array([0, 3], dtype=np.int16), np.array([False, True])
    assert_unchanged_by_relabelling(look, small, flags, call="f(y)", mapping={3: 70_000, 1: 7})
    assert [labels.tolist() for labels in seen[1]] == [[0, 70_000], [0, 7]]
    assert [labels.dtype.name for labels in seen[1]] == ["int64", "int64"]
    assert_unchanged_by_relabelling(look, small, call="f(y)", mapping={3: 7})
    assert seen[-1][0].dtype == np.int16
    with pytest.raises(CheckFailed, match=r"with every label renamed by \{3: 7\}"):
        assert_unchanged_by_relabelling(lambda y: y.sum(), small, call="f(y)", mapping={3: 7})
    with pytest.raises(ValueError, match=r"mapping \{3: 0\} gives two of the classes \[0, 3\] one name"):
        assert_unchanged_by_relabelling(look, small, call="f(y)", mapping={3: 0})


def test_answers_follow_their_samples() -> None:
    assert_follows_order(lambda X: X.sum(axis=1), X, call="predict(X)")
    assert_follows_order(lambda X, y: X * y[:, None], X, Y[:3], call="predict(X, y)")
    with pytest.raises(CheckFailed) as failure:
        assert_follows_order(lambda s: s - s[0], SCORES, call="predict(s)")
    assert str(failure.value).startswith(
        "predict(s) with the samples in reverse order, which must only reorder the answers: "
    )
    with pytest.raises(CheckFailed, match=r"^predict\(s\) must return an answer for each of the 4 samples, got"):
        assert_follows_order(lambda s: s.mean(), SCORES, call="predict(s)")


def test_float32_widens_the_tolerance() -> None:
    single = SCORES.astype(np.float32)
    assert_unchanged_by_order(lambda s: 1 + 1e-5 * float(s[0]), single, call="f(s)")
    with pytest.raises(CheckFailed):
        assert_unchanged_by_order(lambda s: 1 + 1e-5 * float(s[0]), SCORES, call="f(s)")
    assert_unchanged_by_order(lambda s: 1 + 1e-5 * float(s[0]), SCORES, call="f(s)", rtol=1e-4)
