"""The reference of `similar_items_stream` against oracles that share nothing with it."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from scipy.stats import chisquare  # type: ignore[import-untyped]

metrics: Any = pytest.importorskip("sklearn.metrics.pairwise", reason="the extra `oracles` is not installed")

reference: Any = reference_of("similar_items_stream")

Chunks = list[tuple[Any, Any]]


def cut(first: Any, second: Any, places: set[int]) -> Chunks:
    ends = [0, *sorted(place for place in places if 0 < place < len(first)), len(first)]
    return [(first[a:b], second[a:b]) for a, b in itertools.pairwise(ends)]


def order_of(found: list[tuple[int, Fraction]], k: int) -> list[int]:
    """Identify items by a key that is exact: the signed square of a cosine, and the id."""
    return [item for item, _ in sorted(found, key=lambda each: (-each[1], each[0]))[:k]]


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Any, Any, Any, Chunks, int]:
    d, m = draw(st.integers(1, 4)), draw(st.integers(1, 12))
    values = st.integers(-2, 2)
    table = draw(st.lists(st.lists(values, min_size=d, max_size=d), min_size=m, max_size=m))
    query = draw(st.lists(values, min_size=d, max_size=d).filter(any))
    ids = draw(st.permutations(range(m)))
    vectors = np.array(table, dtype=float)
    chunks = cut(np.array(ids) * 7, vectors, draw(st.sets(st.integers(1, 12), max_size=4)))
    return np.array(query, dtype=float), np.array(ids) * 7, vectors, chunks, draw(st.integers(1, 14))


@settings(max_examples=150, deadline=None)
@given(catalogues())
def test_similar_items_agree_with_sklearn(case: tuple[Any, Any, Any, Chunks, int]) -> None:
    query, ids, vectors, chunks, k = case
    got = reference.top_k_similar(query, iter(chunks), k)
    right = dict(zip(ids.tolist(), metrics.cosine_similarity(vectors, query[None])[:, 0].tolist(), strict=True))
    assert len(got) == len({item for item, _ in got}) == min(k, len(ids))
    np.testing.assert_allclose([cosine for _, cosine in got], [right[item] for item, _ in got], atol=1e-12)
    np.testing.assert_allclose([cosine for _, cosine in got], sorted(right.values(), reverse=True)[:k], atol=1e-12)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.sampled_from([*itertools.product((-1, 1), repeat=4), (2, 0, 0, 0), (0, 0, -2, 0), (0, 0, 0, 0)])),
    places=st.sets(st.integers(1, 30), max_size=6),
    k=st.integers(1, 12),
    data=st.data(),
)
def test_ties_agree_with_exact_arithmetic(rows: list[Any], places: set[int], k: int, data: st.DataObject) -> None:
    ids = data.draw(st.permutations(range(len(rows))))
    query = (1, 1, -1, 1)
    found = [
        (item, Fraction(sum(a * b for a, b in zip(row, query, strict=True)), 4))
        for item, row in zip(ids, rows, strict=True)
    ]
    chunks = cut(np.array(ids, dtype=int), np.array(rows, dtype=float).reshape(len(rows), 4), places) if rows else []
    got = reference.top_k_similar(np.array(query), iter(chunks), k)
    assert [item for item, _ in got] == order_of(found, k)
    assert [cosine for _, cosine in got] == [float(dict(found)[item]) for item, _ in got]


@pytest.mark.parametrize(("n", "k"), [(2, 1), (5, 1), (5, 2), (6, 3), (5, 4)])
def test_samples_are_uniform_over_all_sets(n: int, k: int) -> None:
    drawn = Counter(tuple(sorted(reference.reservoir_sample(iter(range(n)), k, seed))) for seed in range(6000))
    every = list(itertools.combinations(range(n), k))
    assert set(drawn) <= set(every)
    assert chisquare([drawn[each] for each in every]).pvalue > 1e-6


@given(st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=2))), st.integers(0, 5))
def test_short_streams_are_kept_whole(elements: list[Any], more: int) -> None:
    assert reference.reservoir_sample(iter(elements), max(len(elements), 1) + more, 0) == elements


@st.composite
def logs(draw: st.DrawFn) -> tuple[Any, Any, Chunks, int]:
    rows = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=40))
    user, item = np.array(sorted(rows, key=lambda row: row[0])).T
    return user, item, cut(user, item, draw(st.sets(st.integers(1, 40), max_size=8))), 7 + draw(st.integers(0, 2))


def incidence(user: Any, item: Any, n_items: int) -> Any:
    """A table of users and items with a 1 where there is a row, however often."""
    table = csr_matrix((np.ones(len(user)), (user, item)), shape=(7, n_items))
    table.data[:] = 1
    return table


@settings(max_examples=150, deadline=None)
@given(logs())
def test_counts_agree_with_a_sparse_table(case: tuple[Any, Any, Chunks, int]) -> None:
    user, item, chunks, n_items = case
    right = np.asarray(incidence(user, item, n_items).sum(axis=0))[0]
    np.testing.assert_array_equal(reference.count_interactions(iter(chunks), n_items), right)


@settings(max_examples=150, deadline=None)
@given(logs(), st.integers(0, 6), st.integers(1, 8))
def test_cooccurrence_agrees_with_a_sparse_product(case: tuple[Any, Any, Chunks, int], query_item: int, k: int) -> None:
    user, item, chunks, n_items = case
    table = incidence(user, item, n_items)
    both = (table.T @ table).toarray().astype(int)
    squares = {
        i: Fraction(int(both[i, query_item]) ** 2, int(both[i, i] * both[query_item, query_item]))
        for i in range(n_items)
        if i != query_item and both[i, query_item]
    }
    got = reference.cooccurrence_top_k(chunks, query_item, n_items, k)
    assert len(got) == len({item for item, _ in got}) == min(k, len(squares))
    cosines = [float(squares[i]) ** 0.5 for i, _ in got]
    np.testing.assert_allclose([cosine for _, cosine in got], cosines, rtol=1e-12)
    np.testing.assert_allclose(cosines, [float(each) ** 0.5 for each in sorted(squares.values(), reverse=True)[:k]])
    counts = {i: (both[i, i], both[i, query_item]) for i in squares}
    for (i, _), (j, _) in itertools.pairwise(got):
        assert counts[i] != counts[j] or i < j


def test_the_example_of_the_spec() -> None:
    chunks = [
        (np.array([7, 3]), np.array([[2.0, 0.0], [0.0, 5.0]])),
        (np.array([9, 4]), np.array([[3.0, 4.0], [0.0, 0.0]])),
    ]
    assert reference.top_k_similar(np.array([1.0, 0.0]), iter(chunks), 3) == [(7, 1.0), (9, 0.6), (3, 0.0)]
    assert {"".join(sorted(reference.reservoir_sample(iter("abc"), 2, seed))) for seed in range(50)} == {
        "ab",
        "ac",
        "bc",
    }
    pairs = [(np.array([1, 1, 5]), np.array([0, 2, 0])), (np.array([5, 5, 8]), np.array([0, 1, 0]))]
    assert reference.count_interactions(iter(pairs), 4).tolist() == [3, 1, 1, 0]
    assert reference.cooccurrence_top_k(pairs, 1, 4, 2) == [(0, pytest.approx(3**-0.5))]
