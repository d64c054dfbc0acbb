"""Functions that hold little, and such as hold a table of all pairs.

Each is `f(x, y)`, x (n,) floats, y (n,) of 0 or 1.
"""

from __future__ import annotations

from typing import Final

LITTLE: Final = {
    "sums": "return float(np.sum(x * y))",
    "sort": "return x[np.argsort(x)]",
    "ranks": """
        _, where, counts = np.unique(x, return_inverse=True, return_counts=True)
        return (np.cumsum(counts) - (counts - 1) / 2)[where]
    """,
    "blocks": """
        found = 0.0
        for start in range(0, len(x), 64):
            found += (x[start : start + 64, None] > x[None, :]).sum()
        return found
    """,
    "pairs_by_loop": """
        found = 0
        for i in range(len(x)):
            found += np.count_nonzero(x[i] > x)
        return found
    """,
    "many_copies": "return [x * k for k in range(40)]",
    "classes": "return np.eye(2)[y.astype(int)]",
    "outer_with_few": "return np.outer(x, np.arange(30.0))",
    "lists": "return sorted(x.tolist())",
    "dict": "return dict(zip(range(len(x)), x.tolist()))",
    "matrix_of_features": """
        X = np.stack([x**k for k in range(8)], axis=1)
        return np.linalg.lstsq(X, y, rcond=None)[0]
    """,
    "constant": "return np.zeros((1000, 1000)).sum()",
}
MUCH: Final = {
    "all_pairs": "return (x[:, None] > x[None, :]).sum()",
    "subtract_outer": "return np.abs(np.subtract.outer(x, x)).mean()",
    "outer": "return np.outer(x, x).sum()",
    "identity": "return np.eye(len(x)) @ x",
    "diagonal": "return np.diag(y) @ x",
    "tile": "return np.tile(x, (len(x), 1)).max(axis=1)",
    "repeat": "return np.repeat(x, len(x)).sum()",
    "meshgrid": "return np.maximum(*np.meshgrid(x, x)).sum()",
    "triangle": "return x[np.tril_indices(len(x))[0]].sum()",
    "lists_of_lists": "return sum(map(sum, [[a > b for b in x[::32]] for a in x]))",
    "kept": """
        kept = []
        for value in x:
            kept.append(x - value)
        return kept[0]
    """,
    "freed": """
        table = np.empty((len(x), len(x)))
        table[:] = x
        total = table.sum()
        del table
        return total
    """,
    "around_the_allocator": """
        import ctypes

        size = 8 * len(x) ** 2
        allocate = ctypes.CDLL(None).malloc
        allocate.restype = ctypes.c_void_p
        allocate.argtypes = [ctypes.c_size_t]
        ctypes.memset(allocate(size), 1, size)
        return 0.0
    """,
    "forgetful": """
        import tracemalloc

        total = (x[:, None] > x[None, :]).astype(float).sum()
        tracemalloc.reset_peak()
        return total
    """,
}
