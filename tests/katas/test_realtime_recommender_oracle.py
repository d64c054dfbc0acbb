"""The reference of `realtime_recommender` against torch, sorting whole numbers, and a plain account of all events."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of

reference: Any = reference_of("realtime_recommender")
torch: Any = pytest.importorskip("torch", reason="the extra `oracles` is not installed")

torch.set_num_threads(1)  # the problems are tiny


def close(got: Any, right: Any) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), np.asarray(right, dtype=float), rtol=1e-9, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    B=st.integers(1, 6),
    d=st.integers(1, 4),
    scale=st.sampled_from((0.0, 0.3, 1.0, 20.0, 70.0)),
    temperature=st.sampled_from((0.05, 0.5, 1.0, 3.0)),
    seed=st.integers(0, 99),
)
def test_the_loss_agrees_with_torch(B: int, d: int, scale: float, temperature: float, seed: int) -> None:
    U, V = np.random.default_rng(seed).normal(size=(2, B, d)) * scale
    users, items = (torch.tensor(each, requires_grad=True) for each in (U, V))
    right = torch.nn.functional.cross_entropy(users @ items.T / temperature, torch.arange(B))
    right.backward()
    loss, dU, dV = reference.in_batch_softmax_loss(U, V, temperature)
    close(loss, right.item())
    close(dU, users.grad.numpy())
    close(dV, items.grad.numpy())


@settings(max_examples=100, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 7), st.integers(1, 30)),
    spread=st.integers(0, 3),
    batch_size=st.integers(1, 9),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_candidates_agree_with_sorting_whole_numbers(
    sizes: tuple[int, int], spread: int, batch_size: int, seed: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    users, items = (rng.integers(-spread, spread + 1, (n, 2)) for n in sizes)
    n_items = len(items)
    k = data.draw(st.integers(1, n_items))
    right = []
    for user in users.tolist():
        scores = [sum(a * b for a, b in zip(user, item, strict=True)) for item in items.tolist()]
        right.append(sorted(range(n_items), key=lambda i, scores=scores: (-scores[i], i))[:k])  # type: ignore[misc]
    got = reference.top_candidates(users.astype(float), items.astype(float), k, batch_size)
    assert got.tolist() == right


class Account:
    """Writes down what happens, and works every answer out from the beginning."""

    def __init__(self, items: list[tuple[list[int], int, int]], weights: tuple[float, ...], ttl: float) -> None:
        self.items = items
        self.weights = weights
        self.ttl = ttl
        self.refreshed: list[tuple[float, int, int, list[int], list[int]]] = []

    def score(self, item: int, user: list[int], context: list[int]) -> float:
        vec, _, popularity = self.items[item]
        similarity = sum(a * b for a, b in zip(user, vec, strict=True))
        fit = sum(a * b for a, b in zip(context, vec, strict=True))
        return self.weights[0] * similarity + self.weights[1] * fit + self.weights[2] * math.log(1 + popularity)

    def answer(
        self, user_id: int, context: list[int], k: int, now: float, *, out: set[int], cap: int | None
    ) -> tuple[list[int], bool]:
        """Return the list, and whether no two scores of the pool are so near that rounding could decide."""
        ranked: list[int] = []
        clear = True
        entries = [each for each in self.refreshed if each[2] == user_id]
        if entries:
            then, _, _, vec, pool = max(entries, key=lambda each: each[:2])  # the latest, and of these the last
            if now - then <= self.ttl:
                scores = {item: self.score(item, vec, context) for item in pool}
                ranked = sorted(pool, key=lambda item: (-round(scores[item], 9), item))
                gaps = np.diff(sorted(scores.values()))
                clear = not np.any((gaps > 0) & (gaps < 1e-6))
        popular = sorted(range(len(self.items)), key=lambda item: (-self.items[item][2], item))
        chosen: list[int] = []
        while len(chosen) < k:
            counts = Counter(self.items[item][1] for item in chosen)
            allowed = [
                item
                for item in (*ranked, *popular)
                if item not in out and item not in chosen and (cap is None or counts[self.items[item][1]] < cap)
            ]
            if not allowed:
                break
            chosen.append(allowed[0])
        return chosen, clear


@pytest.mark.parametrize("seed", range(60))
def test_requests_agree_with_an_account_of_all_events(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    items = [(rng.integers(-2, 3, 2).tolist(), int(rng.integers(0, 4)), int(rng.integers(0, 40))) for _ in range(n)]
    items += [items[i] for i in rng.integers(0, n, 4)]  # some are equal
    weights = [(1.0, 0.5, 0.25), (1.0, 0.0, 0.0), (0.5, 2.0, 1.0)][seed % 3]
    ttl = float(rng.choice([0.0, 5.0, 3600.0]))
    account = Account(list(items), weights, ttl)
    vecs, categories, popularity = (np.array(column) for column in zip(*items, strict=True))
    model = reference.Recommender(vecs.astype(float), categories, popularity, weights, ttl)
    clock, asked = 0.0, 0
    for event in range(60):
        clock += float(rng.choice([0.0, 0.5, 2.0, 5.0]))
        n = len(account.items)
        what = rng.integers(0, 6)
        if what == 0:
            new = (rng.integers(-2, 3, 2).tolist(), int(rng.integers(0, 6)), int(rng.integers(0, 40)))
            account.items.append(new)
            assert model.add_item(np.array(new[0], dtype=float), new[1], new[2]) == n
        elif what <= 2:
            users = rng.permutation(4)[: rng.integers(1, 4)]
            size = rng.integers(1, n + 1)
            pools = np.array([rng.permutation(n)[:size] for _ in users])
            tastes = rng.integers(-2, 3, (len(users), 2))
            now = clock - float(rng.choice([0.0, 0.0, 2.0, 6.0]))
            model.refresh(users, tastes.astype(float), pools, now)
            rows = zip(users.tolist(), tastes.tolist(), pools.tolist(), strict=True)
            account.refreshed += [(now, event, *row) for row in rows]
        else:
            user, k = int(rng.integers(0, 5)), int(rng.integers(1, n + 3))
            context = rng.integers(-2, 3, 2)
            seen, blocked = (set(rng.permutation(n)[: rng.integers(0, n // 2 + 1)].tolist()) for _ in range(2))
            cap = [None, 1, 2][rng.integers(0, 3)]
            right, clear = account.answer(user, context.tolist(), k, clock, out=seen | blocked, cap=cap)
            if clear:
                got = model.recommend(user, context.astype(float), k, clock, seen, blocked, cap)
                assert [int(item) for item in got] == right
                asked += 1
    assert asked


@given(
    numbers=st.tuples(*(st.integers(1, 10**7) for _ in range(2)), st.integers(1, 20), st.integers(1, 5000)),
    sizes=st.tuples(st.integers(1, 10**9), st.integers(1, 4096), st.integers(1, 8)),
)
def test_capacity_agrees_with_fractions(numbers: tuple[int, ...], sizes: tuple[int, ...]) -> None:
    users, requests, peak, latency = numbers
    got = reference.capacity(users, requests, peak, latency, *sizes)
    qps = Fraction(users * requests * peak, 24 * 60 * 60)
    close(got["peak_qps"] / float(qps), 1)
    close(got["in_flight"] / float(qps * latency / 1000), 1)
    assert got["index_bytes"] == math.prod(sizes)


def test_the_example_of_the_spec() -> None:
    ones = np.array([[1.0], [0.0]])
    loss, dU, dV = reference.in_batch_softmax_loss(ones, ones, temperature=1.0)
    np.testing.assert_allclose(loss, 0.5032, atol=5e-5)
    np.testing.assert_allclose(dU, [[-0.1345], [0.25]], atol=5e-5)
    np.testing.assert_allclose(dV, [[-0.1345], [0.1345]], atol=5e-5)
    users, items = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 2.0], [3.0, 2.0], [1.0, 0.0]])
    assert reference.top_candidates(users, items, k=2).tolist() == [[1, 0], [0, 1]]
    catalogue = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 1, 1]), np.array([90, 5, 70, 20])
    shop = reference.Recommender(*catalogue, (1.0, 0.0, 0.0))
    popular = reference.Recommender(*catalogue, (1.0, 0.0, 1.0))
    for each in (shop, popular):
        each.refresh(np.array([7]), np.array([[1.0]]), np.array([[0, 1, 3]]), now=0)
    nothing = np.zeros(1)
    assert shop.recommend(7, nothing, 2, now=3600) == [3, 1]
    assert shop.recommend(7, nothing, 2, now=3600, seen=(3,)) == [1, 0]
    assert shop.recommend(7, nothing, 4, now=3600) == [3, 1, 0, 2]
    assert shop.recommend(7, nothing, 4, now=3600, max_per_category=1) == [3, 1]
    assert popular.recommend(8, nothing, 4, now=3600) == [0, 2, 3, 1]
    assert popular.recommend(7, nothing, 4, now=3601) == [0, 2, 3, 1]
    got = reference.capacity(10_000_000, 20, 3, 50, 2_000_000, 128, 4)
    np.testing.assert_allclose([got["peak_qps"], got["in_flight"]], [6944.4, 347.2], rtol=1e-4)
    assert got["index_bytes"] == 1_024_000_000
