"""Functions that work on whole arrays: none may be accused.

Each is `f(X, y, w)`, X (n, 4), y (n,) of 0 to 3, w (4,).
"""

from __future__ import annotations

from typing import Final

CASES: Final = {
    "product": "return X @ w",
    "epochs": """
        for _ in range(50):
            w = w - 0.01 * X.T @ (X @ w - y) / len(y)
        return w
    """,
    "epochs_until_small": """
        for step in range(1000):
            gradient = X.T @ (X @ w - y) / len(y)
            w = w - 0.1 * gradient
            if np.abs(gradient).max() < 1e-3:
                break
        return w
    """,
    "minibatches": """
        rng = np.random.default_rng(0)
        for _ in range(10):
            for rows in np.array_split(rng.permutation(len(y)), max(1, len(y) // 64)):
                w = w - 0.01 * X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)
        return w
    """,
    "chunks_of_1000": """
        return np.concatenate([X[start : start + 1000] @ w for start in range(0, len(X), 1000)])
    """,
    "features": """
        total = np.zeros(len(X))
        for j in range(X.shape[1]):
            total += X[:, j] * w[j]
        return total
    """,
    "columns": "return [float(column.mean()) for column in X.T]",
    "columns_zipped": "return sum(weight * column for weight, column in zip(w, X.T))",
    "columns_mapped": "return list(map(np.median, X.T))",
    "columns_reduced": """
        import functools

        return functools.reduce(np.add, [X[:, j] * w[j] for j in range(4)])
    """,
    "columns_applied": "return np.apply_along_axis(np.ptp, 0, X)",
    "classes": "return {k: X[y == k].mean(axis=0) for k in range(4)}",
    "classes_found": """
        classes, counts = np.unique(y, return_counts=True)
        return dict(zip(classes.tolist(), counts.tolist()))
    """,
    "one_against_rest": """
        weights = []
        for k in np.unique(y):
            v = np.zeros(4)
            for _ in range(20):
                v -= 0.1 * X.T @ (1 / (1 + np.exp(-X @ v)) - (y == k)) / len(y)
            weights.append(v)
        return np.argmax(X @ np.array(weights).T, axis=1)
    """,
    "pairs_of_classes": """
        import itertools

        found = {}
        for a, b in itertools.product(range(4), repeat=2):
            found[a, b] = np.count_nonzero((y == a) & (np.argmax(X, axis=1) == b))
        return found
    """,
    "answer_as_list": "return (X @ w > 0).astype(int).tolist()",
    "answer_as_list_in_two_steps": """
        scores = X @ w
        answer = scores.tolist()
        return answer
    """,
    "answer_list_of": "return list(X @ w)",
    "arguments_as_lists": """
        X, y = np.asarray(X.tolist()), np.array(list(y))
        return X.T @ y
    """,
    "arguments_checked": """
        if len(X) != len(y) or not all(isinstance(each, np.ndarray) for each in (X, y)):
            raise ValueError("lengths differ")
        return np.mean(y)
    """,
    "sorted_by_score": """
        order = np.argsort(-(X @ w), kind="stable")
        return np.cumsum(y[order] == 1) / np.arange(1, len(y) + 1)
    """,
    "ties_by_runs": """
        scores = np.round(X @ w, 1)
        ends = np.flatnonzero(np.diff(np.sort(scores), append=np.inf))
        return ends[1:] - ends[:-1]
    """,
    "ranks": """
        _, where, counts = np.unique(np.round(X[:, 0], 1), return_inverse=True, return_counts=True)
        last = np.cumsum(counts)
        return (last - (counts - 1) / 2)[where]
    """,
    "searched": "return np.searchsorted(np.sort(X[:, 0]), X[:, 1])",
    "binned": "return np.bincount(y, weights=X[:, 0], minlength=4) / np.bincount(y, minlength=4)",
    "bins": """
        edges = np.linspace(-3, 3, 11)
        bins = np.digitize(X[:, 0], edges)
        return [y[bins == b].mean() if (bins == b).any() else 0.0 for b in range(12)]
    """,
    "summed_at": """
        sums = np.zeros((4, 4))
        np.add.at(sums, y, X)
        return sums
    """,
    "confusion": "return np.bincount(4 * y + np.argmax(X, axis=1), minlength=16).reshape(4, 4)",
    "einsum": "return np.einsum('ni,ij,nj->n', X, np.diag(w), X)",
    "distances": "return ((X[:, None, :] - X[None, :8, :]) ** 2).sum(axis=2)",
    "k_means": """
        centers = X[:4].copy()
        for _ in range(12):
            nearest = np.argmin(((X[:, None] - centers) ** 2).sum(axis=2), axis=1)
            centers = np.array([X[nearest == k].mean(axis=0) if np.any(nearest == k) else centers[k] for k in range(4)])
        return centers
    """,
    "newton": """
        for _ in range(8):
            p = 1 / (1 + np.exp(-X @ w))
            w = w - np.linalg.solve((X.T * (p * (1 - p))) @ X + np.eye(4), X.T @ (p - (y > 1)))
        return w
    """,
    "stable_sigmoid": """
        z = X @ w
        out = np.empty_like(z)
        up = z >= 0
        out[up] = 1 / (1 + np.exp(-z[up]))
        out[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
        return out
    """,
    "softmax": """
        z = np.outer(X @ w, np.arange(4))
        z -= z.max(axis=1, keepdims=True)
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    """,
    "halves": """
        def total(part):
            if len(part) <= 256:
                return part.sum()
            return total(part[: len(part) // 2]) + total(part[len(part) // 2 :])

        return total(X @ w)
    """,
    "doubling": """
        sums, step = X[:, 0].copy(), 1
        while step < len(sums):
            sums[step:] = sums[step:] + sums[:-step]
            step *= 2
        return sums
    """,
    "layers": """
        rng = np.random.default_rng(0)
        layers = [rng.normal(size=(4, 4)) for _ in range(5)]
        kept = [X]
        for layer in layers:
            kept.append(np.maximum(kept[-1] @ layer, 0))
        return sum(float(each.sum()) for each in kept)
    """,
    "folds": """
        errors = []
        for fold in range(5):
            held = np.arange(len(y)) % 5 == fold
            v, *_ = np.linalg.lstsq(X[~held], y[~held], rcond=None)
            errors.append(np.mean((X[held] @ v - y[held]) ** 2))
        return min(errors), max(errors), sorted(errors)
    """,
    "bootstrap": """
        rng = np.random.default_rng(0)
        return np.std([y[rng.integers(len(y), size=len(y))].mean() for _ in range(30)])
    """,
    "thresholds": "return max(np.linspace(-1, 1, 21), key=lambda t: np.mean((X @ w > t) == (y > 1)))",
    "a_class": """
        class Model:
            def __init__(self, steps=10):
                self.steps, self.losses = steps, []

            def fit(self, X, y):
                self.w = np.zeros(X.shape[1])
                for _ in range(self.steps):
                    self.losses.append(float(np.mean((X @ self.w - y) ** 2)))
                    self.w -= 0.1 * X.T @ (X @ self.w - y) / len(y)
                return self

        return Model().fit(X, y).losses
    """,
    "a_dataclass": """
        from dataclasses import dataclass

        @dataclass
        class Counts:
            hits: int
            misses: int

        hit = np.argmax(X, axis=1) == y
        return Counts(int(hit.sum()), int((~hit).sum()))
    """,
    "keywords": """
        def loss(*, X, y, w):
            return float(np.mean((X @ w - y) ** 2))

        parts = dict(X=X, y=y, w=w)
        return loss(**parts)
    """,
    "stars": """
        def norm(*parts):
            return np.sqrt(sum(np.sum(part**2) for part in parts))

        first, *rest = (X, y, w)
        return norm(first, *rest)
    """,
    "cached": """
        import functools

        @functools.lru_cache(maxsize=None)
        def power(k):
            return 1.0 if k == 0 else 0.5 * power(k - 1)

        return (X @ w) * power(20)
    """,
    "partial": """
        import functools

        scaled = functools.partial(np.multiply, 2.0)
        return scaled(X)
    """,
    "operators": """
        import operator

        return operator.matmul(X, w), operator.itemgetter(0, 3)(X), operator.methodcaller("sum")(X)
    """,
    "scan_of_levels": """
        values = np.unique(np.round(X[:, 0]))
        return {float(v): int(np.sum(X[:, 0] >= v)) for v in values}
    """,
    "stacked": "return np.vstack([np.ones(len(X)), *X.T, y]).T",
    "formatted": "return 'n={} mean={:.3f}'.format(len(X), X.mean()) + repr(X) + str(w) + f'{X.sum()}'",
    "kept_in_a_dict": """
        cache = {}
        cache.setdefault("X", X)
        cache.update(y=y)
        return cache.get("X") @ w, "w" in cache, [y].append(X)
    """,
}
