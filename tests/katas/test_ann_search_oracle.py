"""The reference of `ann_search` against oracles that share nothing with it."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of

from pytest_mlkata.checks import PointCloud, point_clouds

neighbors: Any = pytest.importorskip("sklearn.neighbors", reason="the extra `oracles` is not installed")
metrics: Any = pytest.importorskip("sklearn.metrics.pairwise", reason="the extra `oracles` is not installed")

reference: Any = reference_of("ann_search")


def code_of(x: Any, planes: Any) -> int:
    """Hash with Python's own whole numbers, which have room for any number of bits."""
    return sum(
        1 << j for j, plane in enumerate(planes) if sum(int(a) * int(b) for a, b in zip(x, plane, strict=True)) > 0
    )


@settings(max_examples=200, deadline=None)
@given(
    X=st.lists(st.tuples(*[st.integers(-4, 4)] * 3), min_size=1, max_size=6),
    planes=st.lists(st.tuples(*[st.integers(-4, 4)] * 3), min_size=1, max_size=62),
)
def test_codes_agree_with_sums_of_whole_numbers(X: Any, planes: Any) -> None:
    got = reference.lsh_codes(np.array(X), np.array(planes))
    assert got.tolist() == [code_of(x, planes) for x in X]


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 30),
    d=st.integers(1, 4),
    n_tables=st.integers(1, 4),
    n_bits=st.integers(1, 6),
    seed=st.integers(0, 99),
)
def test_candidates_are_those_of_equal_bits(n: int, d: int, n_tables: int, n_bits: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, q = rng.normal(size=(n, d)), rng.normal(size=d)
    index = reference.LSHIndex(X, n_tables, n_bits, seed)
    planes = [each for each, _ in index._tables]  # what is drawn is the reference's own affair: here it is to be known
    found = []
    for i, x in enumerate(X):
        sides = [[(float(np.dot(x, p)) > 0) == (float(np.dot(q, p)) > 0) for p in table] for table in planes]
        if any(all(table) for table in sides):
            found.append(i)
    assert index.candidates(q) == found
    if found:
        cosines = metrics.cosine_similarity(q[None], X[found])[0]
        assert index.query(q, 3) == [found[place] for place in np.argsort(-cosines)[:3]]


@pytest.mark.parametrize("degrees", [10, 30, 60, 90])
def test_vectors_share_a_bucket_as_often_as_their_angle_tells(degrees: int) -> None:
    angle = np.deg2rad(degrees)
    X, q = np.array([[1.0, 0.0]]), np.array([np.cos(angle), np.sin(angle)])
    for n_tables, n_bits in ((1, 1), (1, 3), (4, 3)):
        share = 1 - (1 - (1 - degrees / 180) ** n_bits) ** n_tables
        hits = [len(reference.LSHIndex(X, n_tables, n_bits, seed).candidates(q)) for seed in range(600)]
        assert np.mean(hits) == pytest.approx(share, abs=6 * np.sqrt(0.25 / 600))


@settings(max_examples=150, deadline=None)
@given(cloud=point_clouds(max_points=12), k=st.integers(1, 14), seed=st.integers(0, 5), share=st.integers(1, 3))
def test_search_in_all_lists_agrees_with_scikit_learn(cloud: PointCloud, k: int, seed: int, share: int) -> None:
    X, q = cloud.X, cloud.centers[0]
    n_lists = max(1, len(X) * share // 3)
    index = reference.IVFIndex(X, n_lists, seed)
    assert sorted(itertools.chain.from_iterable(index.lists)) == list(range(len(X)))
    assert len(index.lists) == n_lists
    ids, distances = index.search(q, k, n_lists)
    k = min(k, len(X))
    right, _ = neighbors.NearestNeighbors(n_neighbors=k, algorithm="brute").fit(X.astype(float)).kneighbors([q])
    np.testing.assert_allclose(distances, right[0], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(X[ids].astype(float) - q, axis=1), right[0], atol=1e-6)
    assert len(set(ids.tolist())) == k


@settings(max_examples=60, deadline=None)
@given(n_lists=st.integers(1, 8), n_probe=st.integers(1, 8), k=st.integers(1, 40), seed=st.integers(0, 99))
def test_search_is_that_of_the_lists_with_the_nearest_centres(n_lists: int, n_probe: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, q = rng.normal(size=(40, 3)), rng.normal(size=3)
    n_probe = min(n_probe, n_lists)
    index = reference.IVFIndex(X, n_lists, seed)
    apart = metrics.euclidean_distances(index._centers, X)
    for j, ids in enumerate(index.lists):
        assert all(apart[:, i].argmin() == j for i in ids)
    order = metrics.euclidean_distances(q[None], index._centers)[0].argsort()[:n_probe]
    probed = sorted(itertools.chain.from_iterable(index.lists[j] for j in order))
    nearest = sorted(probed, key=lambda i: float(np.linalg.norm(X[i] - q)))[:k]
    assert index.search(q, k, n_probe)[0].tolist() == nearest


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.lists(st.integers(-1, 6), min_size=3, max_size=3),
            st.lists(st.integers(0, 6), min_size=3, max_size=3, unique=True),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_recall_agrees_with_counting(rows: Any) -> None:
    found, true = [row[0] for row in rows], [row[1] for row in rows]
    hits = sum(wanted in got for got, each in rows for wanted in each)
    assert reference.recall_at_k(np.array(found), np.array(true)) == pytest.approx(hits / (3 * len(true)))


def test_the_example_of_the_spec() -> None:
    X = np.array([[1.0, 2.0], [-1.0, 1.0], [3.0, -1.0], [-2.0, -2.0]])
    assert reference.lsh_codes(X, np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -3.0]])).tolist() == [3, 2, 5, 4]
    assert 0 in reference.LSHIndex(X, n_tables=2, n_bits=5, seed=0).candidates(X[0])
    assert 3 not in reference.LSHIndex(X, n_tables=1, n_bits=1, seed=0).candidates(-X[3])
    ids, distances = reference.IVFIndex(X, n_lists=2, seed=0).search(np.array([3.0, 3.0]), k=2, n_probe=2)
    assert ids.tolist() == [0, 2]
    np.testing.assert_allclose(distances, [2.2361, 4.0], atol=1e-4)
    assert reference.recall_at_k(np.array([[1, 2], [3, 4]]), np.array([[2, 1], [4, 9]])) == 0.75
