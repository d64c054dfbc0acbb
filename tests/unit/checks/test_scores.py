from __future__ import annotations

import itertools

import numpy as np
import pytest
from drawing import assert_every_edge_is_met, examples, smallest

from pytest_mlkata.checks import LABEL_DTYPES, LAYOUTS, BinaryScores, binary_scores
from pytest_mlkata.checks.data.scores import ONE_CLASS, ORDERS, SCORES, TWO_CLASSES


def by_class(problem: BinaryScores) -> tuple[list[float], list[float]]:
    return problem.y_score[problem.y_true == 0].tolist(), problem.y_score[problem.y_true == 1].tolist()


def has_edge(problem: BinaryScores, edge: str) -> bool:
    return edge in problem.edge.split("; ")


def test_every_edge_is_met_within_sixty_draws() -> None:
    named = (*SCORES, *TWO_CLASSES, *ORDERS, "score on the threshold")
    assert_every_edge_is_met(binary_scores(), (*named, *ONE_CLASS, *LAYOUTS))
    assert_every_edge_is_met(binary_scores(both_classes=True, dressed=False, max_samples=4), named)


def test_scores_keep_the_contract() -> None:
    for problem in examples(binary_scores(thresholds=(0.5, 0.1, -2.0, 0.0)), 500):
        assert problem.y_true.shape == problem.y_score.shape == (len(problem.y_true),)
        assert 1 <= len(problem.y_true) <= 9
        assert set(np.unique(problem.y_true).tolist()) <= {0, 1}
        assert problem.y_true.dtype.name in LABEL_DTYPES
        assert np.isfinite(problem.y_score).all()
        assert np.abs(problem.y_score).max() <= 1e4
        assert problem.threshold in (0.5, 0.1, -2.0, 0.0)
        assert problem.inputs == problem.arguments


def test_options_narrow_what_is_drawn() -> None:
    plain = examples(binary_scores(both_classes=True, logits=False, dressed=False, max_samples=5), 300)
    for problem in plain:
        assert set(problem.y_true.tolist()) == {0, 1}
        assert problem.y_score.min() >= 0
        assert problem.y_score.max() <= 1
        assert len(problem.y_true) <= 5
        assert (problem.y_true.dtype.name, problem.y_score.dtype.name) == ("int64", "float64")
        assert all(array.flags.c_contiguous and array.flags.writeable for array in problem.arguments)
    for problem in examples(binary_scores(logits=False, thresholds=(0.0, 1.0)), 300):
        assert problem.y_score.min() >= 0
        assert problem.y_score.max() <= 1
    with pytest.raises(ValueError, match="max_samples must be at least 4, got 3"):
        binary_scores(max_samples=3)


def test_an_edge_is_what_it_is_called() -> None:
    for problem in examples(binary_scores(), 500):
        low, high = by_class(problem)
        how = problem.edge.split("; ")[1]
        assert {
            "mixed": low and high,
            "ties across classes": set(low) & set(high),
            "separated": low and high and max(low) < min(high),
            "reversed": low and high and max(high) < min(low),
            "ties within a class": low and high and not set(low) & set(high) and len({*low, *high}) < len(low + high),
            "all scores equal": low and high and len({*low, *high}) == 1,
            "unbalanced": min(len(low), len(high)) == 1 and len(low + high) >= 4,
            "only positives": high and not low,
            "only negatives": low and not high,
            "one sample": len(low + high) == 1,
        }[how], problem
        steps = np.diff(problem.y_score)
        assert not has_edge(problem, "ascending") or (steps >= 0).all()
        assert not has_edge(problem, "descending") or (steps <= 0).all()
        assert has_edge(problem, "score on the threshold") == (0.5 in low + high)


def test_the_middle_of_nine_scores_lies_between() -> None:
    for scores in SCORES.values():
        if scores:
            assert len(scores) == 9
            assert max(scores[:4]) < scores[4] < min(scores[5:])


@pytest.mark.parametrize("threshold", [0.5, 0.1, -2.0, 0.0])
def test_half_of_the_examples_have_a_score_on_the_threshold(threshold: float) -> None:
    drawn = examples(binary_scores(thresholds=(threshold,)), 300)
    on = [problem for problem in drawn if (problem.y_score == threshold).any()]
    assert 100 < len(on) < 250
    assert any((problem.y_score != threshold).any() for problem in on)
    near = [problem for problem in drawn if 0 < np.abs(problem.y_score - threshold).min() < 1e-15]
    assert bool(near) == (threshold != 0)


def test_one_of_several_thresholds_is_drawn() -> None:
    drawn = examples(binary_scores(thresholds=(0.5, 0.25, -3.0)), 60)
    assert {problem.threshold for problem in drawn} == {0.5, 0.25, -3.0}


def test_float32_holds_the_same_scores() -> None:
    single = [p for p in examples(binary_scores(thresholds=(0.1, 0.5)), 500) if p.y_score.dtype == np.float32]
    assert len(single) > 50
    for problem in single:
        assert not has_edge(problem, "adjacent floats") or len(np.unique(problem.y_score)) == 1
        assert set(problem.y_score.tolist()) <= {*itertools.chain(*SCORES.values()), 0.5}


def test_both_zeros_and_neighbours_of_float64_are_met() -> None:
    drawn = examples(binary_scores(), 150)
    zeros = [np.signbit(problem.y_score[problem.y_score == 0]) for problem in drawn]
    assert any(signs.any() and not signs.all() for signs in zeros)
    distances = [np.diff(np.unique(problem.y_score)) for problem in drawn]
    assert any(len(steps) and steps.min() < 1e-15 for steps in distances)


@pytest.mark.parametrize(
    ("edge", "most", "scores"),
    [
        ("mixed", 2, [0.25, 0.25]),
        ("only positives", 1, [0.25]),
        ("one sample", 1, [0.25]),
        ("separated", 2, [0.25, 0.75]),
        ("ties across classes", 2, [0.25, 0.25]),
        ("logits", 2, [-1.0, -1.0]),
        ("read-only", 2, [0.25, 0.25]),
    ],
)
def test_a_counterexample_is_small(edge: str, most: int, scores: list[float]) -> None:
    problem = smallest(binary_scores(), lambda problem: has_edge(problem, edge))
    assert len(problem.y_true) <= most
    assert sorted(problem.y_score.tolist()) == scores


def test_a_counterexample_of_a_wrong_metric_is_small() -> None:
    unsorted = smallest(binary_scores(), lambda p: (np.diff(p.y_score) > 0).any() and (np.diff(p.y_score) < 0).any())
    assert len(unsorted.y_true) == 3
    below_half = smallest(
        binary_scores(both_classes=True), lambda problem: max(by_class(problem)[1]) < min(by_class(problem)[0])
    )
    assert len(below_half.y_true) == 2
    assert np.isin(below_half.y_score, [0.0, 0.25, 0.375, 0.75]).all()
