"""The reference of `fraud_detection` against scikit-learn, torch, and trying everything."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of

from pytest_mlkata.checks import BinaryScores, binary_scores

torch: Any = pytest.importorskip("torch", reason="the extra `oracles` is not installed")
metrics: Any = pytest.importorskip("sklearn.metrics", reason="the extra `oracles` is not installed")
neighbors: Any = pytest.importorskip("sklearn.neighbors", reason="the extra `oracles` is not installed")

reference: Any = reference_of("fraud_detection")


def close(got: Any, right: Any, rtol: float = 1e-12) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), np.array(right, dtype=float), rtol=rtol, atol=0)


@settings(max_examples=200, deadline=None)
@given(
    samples=st.lists(st.tuples(st.integers(0, 1), st.floats(-12, 12)), min_size=1, max_size=9),
    pos_weight=st.sampled_from((0.25, 1.0, 999.0)),
)
def test_the_loss_agrees_with_torch(samples: list[tuple[int, float]], pos_weight: float) -> None:
    y, logits = (np.array(column, dtype=float) for column in zip(*samples, strict=True))
    loss = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor([pos_weight], dtype=torch.float64))
    right = loss(torch.from_numpy(logits), torch.from_numpy(y)).item()
    close(reference.weighted_bce(y, 1 / (1 + np.exp(-logits)), pos_weight), right, rtol=1e-6)


def test_the_balanced_weight_gives_both_classes_the_weight_of_scikit_learn() -> None:
    balanced = pytest.importorskip("sklearn.utils.class_weight", reason="the extra `oracles` is not installed")
    for y in (np.array([0, 0, 0, 1]), np.array([1, 1, 0]), np.arange(1000) % 37 == 0):
        of_0, of_1 = balanced.compute_class_weight("balanced", classes=np.unique(y), y=y)
        close(reference.balanced_pos_weight(y), of_1 / of_0)


@settings(max_examples=300, deadline=None)
@given(binary_scores())
def test_average_precision_agrees_with_scikit_learn(problem: BinaryScores) -> None:
    y, score = problem.y_true.astype(int), problem.y_score.astype(float)
    right = metrics.average_precision_score(y, score) if y.any() else np.nan
    close(reference.average_precision(*problem.arguments), right)


@settings(max_examples=300, deadline=None)
@given(binary_scores(thresholds=(0.5, 0.25, -1.0, 2.0)), st.sampled_from((0.25, 0.5, 1, 2, 3)))
def test_f_beta_agrees_with_scikit_learn(problem: BinaryScores, beta: float) -> None:
    y, predicted = problem.y_true.astype(int), problem.y_score.astype(float) >= problem.threshold
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        right = metrics.fbeta_score(y, predicted, beta=beta, zero_division=0)
    close(reference.f_beta(*problem.arguments, problem.threshold, beta), right)


@settings(max_examples=300, deadline=None)
@given(binary_scores(), st.sampled_from(((1, 1), (1, 5), (200, 3), (0, 1), (1, 0), (0, 0), (0.5, 2.5))))
def test_the_least_cost_agrees_with_trying_every_threshold(problem: BinaryScores, costs: tuple[float, float]) -> None:
    y, score = problem.y_true.astype(int).tolist(), problem.y_score.astype(float).tolist()

    def cost(threshold: float) -> float:
        wrong = [(label, each >= threshold) for label, each in zip(y, score, strict=True)]
        return costs[0] * wrong.count((0, True)) + costs[1] * wrong.count((1, False))

    threshold, least = reference.best_threshold(*problem.arguments, *costs)
    assert least == cost(threshold) == min(map(cost, [np.inf, -np.inf, *score]))


@settings(max_examples=200, deadline=None)
@given(
    y=st.lists(st.integers(0, 1), min_size=1, max_size=30).filter(any),
    ratio=st.integers(1, 5),
    seed=st.integers(0, 1000),
)
def test_undersampling_keeps_what_it_must(y: list[int], ratio: int, seed: int) -> None:
    labels, number = np.array(y), np.arange(len(y))
    X, kept = reference.undersample(number[:, None], labels, ratio, seed)
    close(kept, labels[X[:, 0]])
    assert set(np.flatnonzero(labels == 1)) <= set(X[:, 0])
    assert len(set(X[:, 0])) == len(X) == labels.sum() + min(len(y) - labels.sum(), ratio * labels.sum())


def test_a_correction_undoes_what_sampling_does_to_the_rates() -> None:
    for positives, negatives, kept in itertools.product((1, 5, 40), (8, 400), (1.0, 0.5, 0.125)):
        p = positives / (positives + kept * negatives)
        close(
            reference.corrected_probability(np.array([0.0, p, 1.0]), kept), [0, positives / (positives + negatives), 1]
        )


@settings(max_examples=100, deadline=None)
@given(n=st.integers(2, 12), d=st.integers(1, 4), k=st.integers(1, 14), seed=st.integers(0, 1000))
def test_new_points_lie_between_neighbours_of_scikit_learn(n: int, d: int, k: int, seed: int) -> None:
    X = np.random.default_rng(seed).normal(size=(n, d))
    nearest = neighbors.NearestNeighbors(n_neighbors=min(k, n - 1)).fit(X).kneighbors(return_distance=False)
    for new in reference.smote(X, 20, k, seed):
        # Between two points exactly where the way over the new one is no detour.
        detours = [
            np.linalg.norm(new - X[i]) + np.linalg.norm(new - X[j]) - np.linalg.norm(X[i] - X[j])
            for i in range(n)
            for j in nearest[i]
        ]
        assert min(detours) < 1e-12


def test_the_example_of_the_spec() -> None:
    y_true, y_score = np.array([0, 1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.5, 0.5, 0.3, 0.1])
    assert reference.balanced_pos_weight(y_true) == 2
    assert reference.average_precision(y_true, y_score) == pytest.approx(0.5)
    assert reference.f_beta(y_true, y_score, 0.5, 2) == pytest.approx(0.833333, abs=1e-6)
    assert reference.best_threshold(y_true, y_score, 1, 5) == (0.5, 2)
    assert reference.best_threshold(y_true, y_score, 3, 1) == (np.inf, 2)
    assert reference.weighted_bce(np.array([1, 0]), np.array([0.5, 0.2]), 3) == pytest.approx(1.151292, abs=1e-6)
    close(reference.corrected_probability(np.array([0.5, 0.9]), 0.01), [0.009901, 0.082569], rtol=1e-4)
    ((first, second),) = reference.smote(np.array([[0.0, 0.0], [1.0, 2.0]]), 1, 5, 0)
    assert 0 <= first <= 1
    assert second == pytest.approx(2 * first)
