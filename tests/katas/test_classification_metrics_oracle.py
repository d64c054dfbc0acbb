"""The reference of `classification_metrics` against oracles that share nothing with it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from references import reference_of
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]

from pytest_mlkata.checks import BinaryScores, LabelPairs, binary_scores, label_pairs

reference: Any = reference_of("classification_metrics")


def share(count: int, total: int) -> Fraction:
    return Fraction(count, total) if total else Fraction(0)


def ratios(tp: int, fp: int, fn: int) -> tuple[Fraction, Fraction, Fraction]:
    return share(tp, tp + fp), share(tp, tp + fn), share(2 * tp, 2 * tp + fp + fn)


def close(got: Any, right: Any) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), np.array(right, dtype=float), rtol=1e-12, atol=0)


@settings(max_examples=300)
@given(binary_scores(thresholds=(0.5, 0.25, -1.0)))
def test_counts_and_ratios_agree_with_counting_sample_by_sample(problem: BinaryScores) -> None:
    outcomes = [
        (bool(label), bool(score >= problem.threshold))
        for label, score in zip(problem.y_true.tolist(), problem.y_score.astype(float).tolist(), strict=True)
    ]
    tp, fp, fn, tn = (outcomes.count(each) for each in ((True, True), (False, True), (True, False), (False, False)))
    assert tuple(reference.confusion_counts(*problem.arguments, problem.threshold)) == (tp, fp, fn, tn)
    close(reference.precision_recall_f1(*problem.arguments, problem.threshold), ratios(tp, fp, fn))


@settings(max_examples=300)
@given(binary_scores())
def test_the_curve_agrees_with_asking_every_threshold(problem: BinaryScores) -> None:
    labels, scores = problem.y_true.astype(int).tolist(), problem.y_score.astype(float).tolist()
    thresholds = [np.inf, *sorted(set(scores), reverse=True)]
    for rate, label in zip(reference.roc_curve(*problem.arguments), (0, 1), strict=False):
        members = [score for score, each in zip(scores, labels, strict=True) if each == label]
        close(rate, [share(sum(s >= t for s in members), len(members)) if members else np.nan for t in thresholds])
    close(reference.roc_curve(*problem.arguments)[2], thresholds)


@settings(max_examples=300)
@given(binary_scores(both_classes=True))
def test_the_area_agrees_with_scipys_rank_sum(problem: BinaryScores) -> None:
    positive = problem.y_true.astype(bool)
    of_positive, of_negative = problem.y_score[positive].astype(float), problem.y_score[~positive].astype(float)
    u = mannwhitneyu(of_positive, of_negative, method="asymptotic").statistic
    close(reference.roc_auc(*problem.arguments), u / (len(of_positive) * len(of_negative)))


@settings(max_examples=300)
@given(label_pairs())
def test_averages_agree_with_counting_class_by_class(labels: LabelPairs) -> None:
    pairs = list(zip(labels.y_true.astype(int).tolist(), labels.y_pred.astype(int).tolist(), strict=True))
    counts = [
        (
            sum(true == predicted == each for true, predicted in pairs),
            sum(predicted == each != true for true, predicted in pairs),
            sum(true == each != predicted for true, predicted in pairs),
        )
        for each in {label for pair in pairs for label in pair}
    ]
    macro = [sum(column, Fraction(0)) / len(counts) for column in zip(*(ratios(*each) for each in counts), strict=True)]
    close(reference.averaged_prf(*labels.arguments, "macro"), macro)
    tp, fp, fn = (sum(column) for column in zip(*counts, strict=True))
    close(reference.averaged_prf(*labels.arguments, "micro"), ratios(tp, fp, fn))


def test_the_example_of_the_spec() -> None:
    y_true, y_score = np.array([1, 0, 1, 1, 0]), np.array([0.9, 0.5, 0.5, 0.3, 0.1])
    assert tuple(reference.confusion_counts(y_true, y_score)) == (2, 1, 1, 1)
    assert reference.precision_recall_f1(y_true, y_score) == pytest.approx((2 / 3,) * 3)
    fpr, tpr, thresholds = reference.roc_curve(y_true, y_score)
    close(fpr, [0, 0, 0.5, 0.5, 1])
    close(tpr, [0, 1 / 3, 2 / 3, 1, 1])
    close(thresholds, [np.inf, 0.9, 0.5, 0.3, 0.1])
    assert reference.roc_auc(y_true, y_score) == pytest.approx(0.75)
    y_true, y_pred = np.array([0, 0, 5, 7]), np.array([0, 5, 5, 0])
    assert reference.averaged_prf(y_true, y_pred, "macro") == pytest.approx((0.333333, 0.5, 0.388889), abs=1e-6)
    assert reference.averaged_prf(y_true, y_pred, "micro") == pytest.approx((0.5, 0.5, 0.5))
