"""Functions that go through the samples one by one, in as many disguises as were found: none may pass.

Each is `f(X, y, w)`, X (n, 4), y (n,) of 0 to 3, w (4,).
"""

from __future__ import annotations

from typing import Final

CASES: Final = {
    "for": """
        total = 0.0
        for i in range(len(X)):
            total += X[i] @ w
        return total
    """,
    "while": """
        i, total = 0, 0.0
        while i < len(X):
            total += X[i] @ w
            i += 1
        return total
    """,
    "comprehension": "return np.array([row @ w for row in X])",
    "generator": "return sum(row @ w for row in X)",
    "nested_comprehension": "return [[value * 2 for value in row] for row in X]",
    "set_comprehension": "return len({label for label in y})",
    "dict_comprehension": "return {i: label for i, label in enumerate(y)}",
    "beside_epochs": """
        for _ in range(300):
            w = w - 0.001 * X.T @ (X @ w - y) / len(y)
        return [row @ w for row in X]
    """,
    "in_an_epoch": """
        for i in range(len(X)):
            w = w - 0.001 * X[i] * (X[i] @ w - y[i])
        return w
    """,
    "recursion": """
        def total(i):
            return 0.0 if i == len(X) else X[i] @ w + total(i + 1)

        import sys

        sys.setrecursionlimit(10_000)
        return total(0)
    """,
    "halves_down_to_one": """
        def total(part):
            return part[0] if len(part) == 1 else total(part[: len(part) // 2]) + total(part[len(part) // 2 :])

        return total(X @ w)
    """,
    "pairs": """
        found = 0
        for i in range(len(y)):
            found += int((X[i, 0] > X[:, 0]).sum())
        return found
    """,
    "chunks_of_4": "return [X[start : start + 4].sum() for start in range(0, len(X), 4)]",
    "iterator": """
        rows, total = iter(X), 0.0
        while (row := next(rows, None)) is not None:
            total += row @ w
        return total
    """,
    "while_true": """
        i, total = 0, 0.0
        while True:
            try:
                total += X[i] @ w
            except IndexError:
                return total
            i += 1
    """,
    "own_iterator": """
        class Rows:
            def __init__(self):
                self.i = -1

            def __iter__(self):
                return self

            def __next__(self):
                self.i += 1
                if self.i == len(X):
                    raise StopIteration
                return X[self.i] @ w

        return sum(Rows())
    """,
    "own_sequence": """
        class Rows:
            def __getitem__(self, i):
                return X[i] @ w

        return sum(Rows()[i] for i in range(len(X)))
    """,
    "vectorize": "return np.vectorize(lambda a, b: a * b)(X[:, 0], y)",
    "vectorize_decorated": """
        @np.vectorize
        def double(value):
            return 2 * value

        return double(X[:, 0])
    """,
    "vectorize_of_a_builtin": "return np.vectorize(abs)(X[:, 0])",
    "frompyfunc": "return np.frompyfunc(lambda a, b: a * b, 2, 1)(X[:, 0], y)",
    "frompyfunc_of_a_builtin": "return np.frompyfunc(abs, 1, 1)(X[:, 0])",
    "apply_along_axis": "return np.apply_along_axis(lambda row: row @ w, 1, X)",
    "apply_along_axis_of_a_builtin": "return np.apply_along_axis(len, 1, X)",
    "apply_over_fromfunction": "return np.fromiter((row @ w for row in X), float, len(X))",
    "fromiter_of_a_map": "return np.fromiter(map(abs, X[:, 0]), float)",
    "nditer": "return [float(value) for value in np.nditer(np.ascontiguousarray(X[:, 0]))]",
    "ndenumerate": """
        total = 0.0
        for _, value in np.ndenumerate(X[:, 0]):
            total += value
        return total
    """,
    "thread": """
        import threading

        found = []

        def work():
            for row in X:
                found.append(row @ w)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return found
    """,
    "key_of_a_sort": "return sorted(range(len(X)), key=lambda i: X[i, 0])",
    "map_of_a_lambda": "return list(map(lambda row: row @ w, X))",
    "map_of_a_builtin": "return list(map(float, y))",
    "starmap": """
        import itertools

        return list(itertools.starmap(pow, zip(y.tolist(), y.tolist())))
    """,
    "filter": "return len(list(filter(None, y)))",
    "sum_of_an_array": "return sum(X[:, 0])",
    "sum_of_a_list": "return sum(y.tolist())",
    "sum_by_another_name": """
        add = sum
        return add(y)
    """,
    "sum_kept_in_a_dict": "return {'add': sum}['add'](y)",
    "sum_made_partial": """
        import functools

        return functools.partial(sum, y.tolist())() + functools.partial(max, key=float)(y.tolist())
    """,
    "max_of_an_array": "return max(X[:, 0])",
    "min_of_a_list": "return min(X[:, 0].tolist())",
    "any": "return any(X[:, 0] > 100)",
    "all": "return all(np.isfinite(X[:, 0]))",
    "sorted": "return sorted(X[:, 0].tolist())",
    "list_sort": """
        values = X[:, 0].tolist()
        values.sort()
        return values
    """,
    "set": "return len(set(y.tolist()))",
    "counter": """
        from collections import Counter

        return Counter(y.tolist())
    """,
    "list_count": "return [y.tolist().count(k) for k in range(4)]",
    "list_index": "return y.tolist().index(3)",
    "dict_of_a_zip": "return dict(zip(range(len(y)), y.tolist()))",
    "dict_fromkeys": "return list(dict.fromkeys(y.tolist()))",
    "reduce": """
        import functools
        import operator

        return functools.reduce(operator.add, X[:, 0].tolist())
    """,
    "accumulate": """
        import itertools

        return list(itertools.accumulate(X[:, 0].tolist()))
    """,
    "fsum": """
        import math

        return math.fsum(X[:, 0])
    """,
    "dist": """
        import math

        return math.dist(X[:, 0], X[:, 1])
    """,
    "hypot": """
        import math

        return math.hypot(*X[:, 0])
    """,
    "statistics": """
        import statistics

        return statistics.fmean(X[:, 0].tolist())
    """,
    "nsmallest": """
        import heapq

        return heapq.nsmallest(3, X[:, 0].tolist())
    """,
    "count_of": """
        import operator

        return operator.countOf(y.tolist(), 1)
    """,
    "itemgetter": """
        import operator

        return operator.itemgetter(*range(len(y)))(y.tolist())
    """,
    "join": "return ','.join(map(str, y))",
    "unpacked_into_a_set": "return len({*y.tolist()})",
    "unpacked_into_a_list": "return [*y]",
    "unpacked_by_a_star": """
        first, *rest = y.tolist()
        return rest
    """,
    "unpacked_into_a_call": "return max(*y)",
    "searched": "return 17 in y.tolist()",
    "objects": "return (X[:, 0].astype(object) * 2).sum()",
    "objects_made": "return np.array(X[:, 0].tolist(), dtype=object) + 1",
    "deque": """
        from collections import deque

        deque(map(print, y[:0]), maxlen=0)
        return deque(zip(y, y), maxlen=1)
    """,
    "array": """
        import array

        return array.array("d", X[:, 0].tolist())
    """,
    "unpacked_bytes": """
        import struct

        return struct.unpack(f"{len(y)}d", X[:, 0].tobytes())
    """,
    "extended": """
        kept = []
        kept.extend(X[:, 0])
        return kept
    """,
    "wrapped": """
        def call(function, *arguments):
            return function(*arguments)

        return call(sum, y)
    """,
    "method_of_a_class": "return list.count(y.tolist(), 1)",
    "evaluated": "return eval('sum([float(v) for v in y])', {'y': y})",
}
